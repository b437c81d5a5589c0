/* SPDX-License-Identifier: MIT */
#include "crypt_form.h"

#include <crypt.h>
#include <stdlib.h>

static bool crypt_knows(struct slice text)
{
	char *setting = slice_copy(text);
	int known = setting ? crypt_checksalt(setting) : CRYPT_SALT_INVALID;

	free(setting);
	return known == CRYPT_SALT_OK || known == CRYPT_SALT_METHOD_LEGACY ||
	       known == CRYPT_SALT_TOO_CHEAP;
}

/*
 * What crypt(3) makes of a password, by how that begins: so many octets are
 * behind its last $. "_" has none, and is as long.
 */
static const struct crypt_form {
	const char *begin;
	size_t octets;
} crypt_forms[] = {
	{ "$1$", 22 },	  { "$2a$", 53 }, { "$2b$", 53 }, { "$2x$", 53 },
	{ "$2y$", 53 },	  { "$3$", 32 },  { "$5$", 43 },  { "$6$", 86 },
	{ "$7$", 43 },	  { "$y$", 43 },  { "$gy$", 43 }, { "$md5", 22 },
	{ "$sha1$", 28 }, { "_", 20 },
};

static bool is_of_crypt(struct slice text)
{
	struct slice marks = slice_str("./_");

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') &&
		    slice_find(marks, c) == marks.len)
			return false;
	}
	return true;
}

/* Two of salt, and 11 for each 8 octets of a password of up to 128. */
static bool is_whole_des(struct slice text)
{
	return text.len > 2 && (text.len - 2) % 11 == 0 &&
	       text.len <= 2 + 16 * 11 && is_of_crypt(text);
}

/* False for what no password makes. A form that is not listed may be whole. */
static bool is_whole(struct slice text)
{
	struct slice end = text;

	if (!slice_starts(text, "$") && !slice_starts(text, "_"))
		return is_whole_des(text);
	for (size_t at = slice_find(end, '$'); at < end.len;
	     at = slice_find(end, '$'))
		end = slice_from(end, at + 1);
	for (size_t i = 0; i < sizeof(crypt_forms) / sizeof(crypt_forms[0]);
	     i++)
		if (slice_starts(text, crypt_forms[i].begin))
			return end.len == crypt_forms[i].octets &&
			       is_of_crypt(end);
	return true;
}

bool crypt_form_like(struct slice text)
{
	for (size_t i = 0; i < sizeof(crypt_forms) / sizeof(crypt_forms[0]);
	     i++)
		if (crypt_forms[i].begin[0] == '$' &&
		    slice_starts(text, crypt_forms[i].begin))
			return true;
	return false;
}

const char *crypt_form_check(struct slice text)
{
	if (!crypt_knows(text))
		return "crypt(3) does not know this form";
	return is_whole(text) ? NULL
			      : "nothing that crypt(3) makes: no password fits "
				"it";
}
