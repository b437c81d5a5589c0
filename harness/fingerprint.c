/* SPDX-License-Identifier: MIT */
#include "fingerprint.h"
#include "plural.h"

#include <openssl/evp.h>

static void begin(struct fingerprint *f)
{
	f->digest = EVP_MD_CTX_new();
	if (f->digest)
		EVP_DigestInit_ex(f->digest, EVP_sha256(), NULL);
}

void fingerprint_add(struct fingerprint *f, struct slice octets)
{
	if (!f->octets && octets.len)
		begin(f);
	f->octets += octets.len;
	if (f->digest)
		EVP_DigestUpdate(f->digest, octets.ptr, octets.len);
}

void fingerprint_end(struct fingerprint *f, struct buf *to)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned length = 0;

	buf_printf(to, "%llu octet%s", (unsigned long long)f->octets,
		   plural(f->octets));
	if (f->digest && EVP_DigestFinal_ex(f->digest, digest, &length))
		buf_add_str(to, ", SHA-256 ");
	for (unsigned i = 0; i < length; i++)
		buf_printf(to, "%02x", digest[i]);
	EVP_MD_CTX_free(f->digest);
	*f = (struct fingerprint){ 0 };
}
