/* SPDX-License-Identifier: MIT */
#include "known_messages.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

static int fingerprint(struct slice stored, unsigned char *digest)
{
	struct buf sent = {0};
	int done;

	fixture_as_sent(stored, FIXTURE_END_ADDED, &sent);
	done = !sent.failed &&
	       EVP_Digest(sent.ptr, sent.len, digest, NULL, EVP_sha256(), NULL);
	buf_free(&sent);
	return done ? 0 : -1;
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, KNOWN_DIGEST);
}

int known_messages_add(struct known_messages *k, const struct fixture *f,
		       struct error *e)
{
	void *grown = reallocarray(k->digests, k->count + f->count + 1,
				   sizeof(*k->digests));

	if (!grown)
		return error_set(e, "no memory");
	k->digests = grown;
	for (size_t i = 0; i < f->count; i++)
		if (fingerprint(buf_slice(&f->messages[i].octets),
				k->digests[k->count++]))
			return error_set(e, "no memory");
	qsort(k->digests, k->count, sizeof(*k->digests), compare);
	return 0;
}

void known_messages_free(struct known_messages *k)
{
	free(k->digests);
	*k = (struct known_messages){0};
}

bool known_messages_has(const struct known_messages *k, struct slice stored)
{
	unsigned char digest[KNOWN_DIGEST];

	return k->count && !fingerprint(stored, digest) &&
	       bsearch(digest, k->digests, k->count, sizeof(*k->digests),
		       compare);
}
