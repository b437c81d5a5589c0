/* SPDX-License-Identifier: MIT */
#include "texts.h"

#include <inttypes.h>

static const struct {
	const char *in[LANGUAGES];
} texts[] = {
#define TEXT(english, german) { { english, german } },
#include "texts.def"
#undef TEXT
};

/* Nearly all rows differ in an early octet. */
static bool is_same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

const char *text_in(enum language language, const char *english)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (is_same(english, texts[i].in[ENGLISH]))
			return texts[i].in[language];
	return NULL;
}
