/* SPDX-License-Identifier: MIT */
#include "saslprep.h"

#include <gsasl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

static bool is_ascii(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (slice_at(text, i) > 0x7f)
			return false;
	return true;
}

static void wipe(char *text)
{
	if (text)
		OPENSSL_cleanse(text, strlen(text));
	gsasl_free(text);
}

static char *made_of(const char *text, Gsasl_saslprep_flags flags)
{
	char *made = NULL;

	gsasl_saslprep(text, flags, &made, NULL);
	return made;
}

/*
 * Returns owned what GNU SASL makes of it, or NULL. Its flag is wrong way round
 * in release 2.2: with it a code point that is not assigned is refused. So both
 * ways are asked: such a code point is all in which they differ.
 */
static char *prepared(const char *text, enum saslprep as)
{
	char *one = made_of(text, 0);
	char *other = made_of(text, GSASL_ALLOW_UNASSIGNED);
	char *made = one ? one : other;
	bool fine = as == SASLPREP_QUERY || (one && other);

	if (one)
		wipe(other);
	if (fine)
		return made;
	wipe(made);
	return NULL;
}

int saslprep(struct slice text, enum saslprep as, struct buf *b)
{
	char *copy, *made;
	size_t before = b->len;

	if (!text.len || slice_find(text, '\0') < text.len)
		return -1;
	if (is_ascii(text)) {
		buf_add(b, text);
		return b->failed ? -1 : 0;
	}
	copy = slice_copy(text);
	made = copy ? prepared(copy, as) : NULL;
	buf_add_str(b, made);
	if (copy)
		OPENSSL_cleanse(copy, text.len);
	free(copy);
	wipe(made);
	return b->len > before && !b->failed ? 0 : -1;
}
