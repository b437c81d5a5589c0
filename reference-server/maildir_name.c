/* SPDX-License-Identifier: MIT */
#include "maildir_name.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#define UNIQUE_ID_MAX 70
#define DIGEST 64 /* hexadecimal digits of SHA-256 */

struct slice maildir_unique(const char *name)
{
	struct slice all = slice_str(name);

	return slice_first(all, slice_find(all, ':'));
}

static int compare_octets(struct slice a, struct slice b)
{
	size_t shared = a.len < b.len ? a.len : b.len;
	int order = shared ? memcmp(a.ptr, b.ptr, shared) : 0;

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

/* The digits at the front, of any number, without the zeros before them. */
static struct slice leading_time(struct slice name)
{
	size_t digits = 0;

	while (name.len > 0 && name.ptr[0] == '0')
		name = slice_from(name, 1);
	while (digits < name.len && name.ptr[digits] >= '0' &&
	       name.ptr[digits] <= '9')
		digits++;
	return slice_first(name, digits);
}

uint64_t maildir_time(struct slice unique)
{
	struct slice digits = leading_time(unique);
	uint64_t time = 0;

	for (size_t i = 0; i < digits.len; i++) {
		uint64_t digit = (uint64_t)(digits.ptr[i] - '0');

		if (time > (UINT64_MAX - digit) / 10)
			return UINT64_MAX;
		time = 10 * time + digit;
	}
	return time;
}

int maildir_compare(struct slice a, struct slice b)
{
	struct slice time, other;
	int order;

	if (slice_equal(a, b)) /* as nearly all are, where lists are merged */
		return 0;
	time = leading_time(a);
	other = leading_time(b);
	order = compare_octets(time, other);
	if (time.len != other.len)
		return time.len < other.len ? -1 : 1;
	return order != 0 ? order : compare_octets(a, b);
}

static bool is_digest(struct slice name)
{
	const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < name.len; i++)
		if (!memchr(digits, name.ptr[i], sizeof(digits) - 1))
			return false;
	return name.len == DIGEST;
}

static bool can_be_unique_id(struct slice name)
{
	if (name.len == 0 || name.len > UNIQUE_ID_MAX || is_digest(name))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (slice_at(name, i) < 0x21 || slice_at(name, i) > 0x7e)
			return false;
	return true;
}

static char *digest_of(struct slice octets)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned int len;
	struct buf text = {0};

	if (!EVP_Digest(octets.ptr, octets.len, md, &len, EVP_sha256(), NULL))
		return NULL;
	for (unsigned int i = 0; i < len; i++)
		buf_printf(&text, "%02x", md[i]);
	return buf_steal(&text);
}

char *maildir_unique_id(struct slice unique, uint64_t twin)
{
	struct buf both = {0};
	char *id;

	if (twin == 0 && can_be_unique_id(unique))
		return slice_copy(unique);
	buf_printf(&both, "%" PRIu64 "/", twin);
	buf_add(&both, unique);
	id = both.failed ? NULL : digest_of(buf_slice(&both));
	buf_free(&both);
	return id;
}
