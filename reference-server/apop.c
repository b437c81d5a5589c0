/* SPDX-License-Identifier: MIT */
#include "apop.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>

#define MD5_OCTETS 16

static bool stands_in_label(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-';
}

bool apop_host_allowed(struct slice host)
{
	char before = '.';

	if (host.len > APOP_HOST_MAX)
		return false;
	for (size_t i = 0; i < host.len; i++) {
		char c = host.ptr[i];

		if (c == '.' ? before == '.' : !stands_in_label(c))
			return false;
		before = c;
	}
	return before != '.';
}

int apop_timestamp(char *to, const char *host, uint64_t serial, time_t now)
{
	uint64_t random;

	if (RAND_bytes((unsigned char *)&random, sizeof(random)) != 1)
		return -1;
	snprintf(to, APOP_TIMESTAMP_ROOM, "<%016" PRIx64 ".%" PRIu64 ".%jd@%s>",
		 random, serial, (intmax_t)now, host);
	return 0;
}

bool apop_available(void)
{
	EVP_MD *md5 = EVP_MD_fetch(NULL, "MD5", NULL);

	EVP_MD_free(md5);
	return md5 != NULL;
}

static bool md5_of_both(struct slice a, struct slice b, unsigned char *md)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool done = context && EVP_DigestInit_ex(context, EVP_md5(), NULL) &&
		    EVP_DigestUpdate(context, a.ptr, a.len) &&
		    EVP_DigestUpdate(context, b.ptr, b.len) &&
		    EVP_DigestFinal_ex(context, md, NULL);

	EVP_MD_CTX_free(context);
	return done;
}

bool apop_digest_right(struct slice digest, bool as_far, struct slice timestamp,
		       struct slice secret)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char md[EVP_MAX_MD_SIZE];
	char text[2 * MD5_OCTETS];

	if (digest.len > sizeof(text) ||
	    (digest.len < sizeof(text) && !as_far) ||
	    !md5_of_both(timestamp, secret, md))
		return false;
	for (size_t i = 0; i < MD5_OCTETS; i++) {
		text[2 * i] = digits[md[i] >> 4];
		text[2 * i + 1] = digits[md[i] & 15];
	}
	return CRYPTO_memcmp(text, digest.ptr, digest.len) == 0;
}
