/* SPDX-License-Identifier: MIT */
#include "base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz0123456789+/";

#define NO_DIGIT 64

/* From 0 to 63, or NO_DIGIT. */
static unsigned value(char digit)
{
	return (unsigned)slice_find(slice_str(alphabet), digit);
}

/* How many pad characters the text ends with, of which three are too many. */
static size_t padding(struct slice text)
{
	size_t pads = 0;

	while (pads < 3 && pads < text.len &&
	       text.ptr[text.len - 1 - pads] == '=')
		pads++;
	return pads;
}

bool base64_decode(struct slice text, char *to, size_t *len)
{
	size_t pads = padding(text);
	unsigned bits = 0;

	if (text.len % 4 || pads > 2)
		return false;
	*len = 0;
	for (size_t i = 0; i < text.len - pads; i++) {
		unsigned digit = value(text.ptr[i]);

		if (digit == NO_DIGIT)
			return false;
		bits = (bits << 6 | digit) & 0xffff;
		if (i % 4)
			to[(*len)++] = (char)(bits >> (6 - i % 4 * 2));
	}
	return !pads || !(bits & (pads == 2 ? 0xf : 3));
}

/* The first of up to three octets, as one number. */
static unsigned long group(struct slice octets)
{
	unsigned long n = 0;

	for (size_t i = 0; i < 3; i++)
		n = n << 8 | (i < octets.len ? slice_at(octets, i) : 0);
	return n;
}

void base64_encode(struct slice octets, struct buf *b)
{
	for (; octets.len; octets = slice_from(octets, 3)) {
		unsigned long n = group(octets);

		for (size_t i = 0; i < 4; i++)
			buf_add_char(b,
				     i <= octets.len
					     ? alphabet[n >> (18 - 6 * i) & 63]
					     : '=');
	}
}
