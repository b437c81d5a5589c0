/* SPDX-License-Identifier: MIT */
#include "scram_keys.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

static bool hmac(const EVP_MD *md, const unsigned char *key, int len,
		 const char *text, unsigned char *to)
{
	return HMAC(md, key, len, (const unsigned char *)text, strlen(text), to,
		    NULL) != NULL;
}

bool scram_derive(struct scram_keys *keys, const char *digest,
		  struct slice password, struct slice salt, unsigned iterations)
{
	EVP_MD *md = EVP_MD_fetch(NULL, digest, NULL);
	int len = md ? EVP_MD_get_size(md) : 0;
	unsigned char salted[SCRAM_KEY_MAX], client[SCRAM_KEY_MAX];
	bool done = len > 0 && len <= SCRAM_KEY_MAX &&
		    PKCS5_PBKDF2_HMAC(password.ptr, (int)password.len,
				      (const unsigned char *)salt.ptr,
				      (int)salt.len, (int)iterations, md, len,
				      salted) &&
		    hmac(md, salted, len, "Client Key", client) &&
		    EVP_Digest(client, (size_t)len, keys->stored, NULL, md,
			       NULL) &&
		    hmac(md, salted, len, "Server Key", keys->server);

	OPENSSL_cleanse(salted, sizeof(salted));
	OPENSSL_cleanse(client, sizeof(client));
	EVP_MD_free(md);
	return done;
}
