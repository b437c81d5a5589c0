/* SPDX-License-Identifier: MIT */
#include "languages.h"

const struct language_row language_rows[LANGUAGES] = {
	{ "en", "English" },
	{ "de", "Deutsch" },
};

static bool has_tag(struct slice range, enum language *found)
{
	for (int l = 0; l < LANGUAGES; l++) {
		if (slice_is_nocase(range, language_rows[l].tag)) {
			*found = (enum language)l;
			return true;
		}
	}
	return false;
}

/* What is left of a range when its last subtag is taken off. */
static struct slice shorter(struct slice range)
{
	size_t len = range.len;

	while (len > 0 && range.ptr[len - 1] != '-')
		len--;
	if (len > 0)
		len--;
	/* A subtag of one letter goes together with what it introduces. */
	if (len >= 2 && range.ptr[len - 2] == '-')
		len -= 2;
	return slice_first(range, len);
}

static bool is_alphanumeric(char c, bool or_digit)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (or_digit && c >= '0' && c <= '9');
}

/* 1*8ALPHA *("-" 1*8alphanum) (RFC 4647 section 2.1) */
static bool is_range(struct slice range)
{
	bool first = true, more = true;

	while (more) {
		size_t len = slice_find(range, '-');

		if (len < 1 || len > 8)
			return false;
		for (size_t i = 0; i < len; i++)
			if (!is_alphanumeric(range.ptr[i], !first))
				return false;
		more = len < range.len;
		range = slice_from(range, len + 1);
		first = false;
	}
	return true;
}

bool language_lookup(struct slice range, enum language *found)
{
	if (!is_range(range))
		return false;
	while (range.len && !has_tag(range, found))
		range = shorter(range);
	return range.len > 0;
}
