/* SPDX-License-Identifier: MIT */
#include "secret.h"

#include "base64.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#define ITERATIONS 4096		/* the least that RFC 5802 section 5.1 wants */
#define ITERATIONS_MAX 10000000 /* some seconds */
#define SALT 16			/* octets */
#define KEY_MAX 32

static const struct kind {
	const char *name;
	enum scheme scheme;
	const char *digest; /* of SCRAM */
	size_t key;	    /* octets of it */
} kinds[] = {
	{ "PLAIN", SCHEME_PLAIN, NULL, 0 },
	{ "CRYPT", SCHEME_CRYPT, NULL, 0 },
	{ "SCRAM-SHA-1", SCHEME_SCRAM_SHA_1, "SHA1", 20 },
	{ "SCRAM-SHA-256", SCHEME_SCRAM_SHA_256, "SHA256", 32 },
};

static const size_t kinds_count = sizeof(kinds) / sizeof(kinds[0]);

static const struct kind *kind_of(enum scheme scheme)
{
	const struct kind *k = kinds;

	while (k->scheme != scheme)
		k++;
	return k;
}

static const struct kind *kind_named(struct slice name)
{
	for (size_t i = 0; i < kinds_count; i++)
		if (slice_is_nocase(name, kinds[i].name))
			return &kinds[i];
	return NULL;
}

/* ------------------------------------------------------------------------- */
/* What a file says. */

static const char *check_octets(struct slice text, size_t *at)
{
	for (size_t i = 0; i < text.len; i++, ++*at)
		if (slice_at(text, i) < ' ' || slice_at(text, i) == 0x7f)
			return "a control character in the password";
	*at -= text.len;
	return NULL;
}

static const char *check_crypt(struct slice text)
{
	char *setting = slice_copy(text);
	int known = setting ? crypt_checksalt(setting) : CRYPT_SALT_INVALID;

	free(setting);
	return known == CRYPT_SALT_OK || known == CRYPT_SALT_METHOD_LEGACY ||
			       known == CRYPT_SALT_TOO_CHEAP
		       ? NULL
		       : "crypt(3) does not know this form";
}

/* Takes the text up to the next comma, and that, off the front of *text. */
static struct slice take_field(struct slice *text, size_t *at)
{
	struct slice field = slice_first(*text, slice_find(*text, ','));

	*at += field.len + 1;
	*text = slice_from(*text, field.len + 1);
	return field;
}

static bool is_base64_of(struct slice text, size_t least, size_t most)
{
	char octets[BASE64_DECODED(128)];
	size_t len;

	return text.len <= 128 && base64_decode(text, octets, &len) &&
	       len >= least && len <= most;
}

/* Decimal, from 1 to ITERATIONS_MAX; 0 when it is not. */
static unsigned read_iterations(struct slice digits)
{
	unsigned n = 0;

	for (size_t i = 0; i < digits.len && n <= ITERATIONS_MAX; i++) {
		unsigned digit = slice_at(digits, i) - (unsigned)'0';

		if (digit > 9)
			return 0;
		n = 10 * n + digit;
	}
	return n <= ITERATIONS_MAX ? n : 0;
}

static const char *read_scram(struct slice text, size_t key, struct secret *s,
			      size_t *at)
{
	size_t begin = *at;

	s->iterations = read_iterations(take_field(&text, at));
	if (!s->iterations) {
		*at = begin;
		return "iterations are a number from 1 to 10000000";
	}
	begin = *at;
	s->salt = take_field(&text, at);
	if (!is_base64_of(s->salt, 1, 96)) {
		*at = begin;
		return "the salt is 1 to 96 octets in base64";
	}
	begin = *at;
	s->stored_key = take_field(&text, at);
	if (!is_base64_of(s->stored_key, key, key)) {
		*at = begin;
		return "the stored key is no digest in base64";
	}
	s->server_key = text;
	return is_base64_of(text, key, key)
		       ? NULL
		       : "the server key is no digest in base64";
}

/* Takes the scheme off the front of *text. Returns what it is, or NULL. */
static const struct kind *take_scheme(struct slice *text, size_t *at)
{
	size_t end = slice_find(*text, '}');
	const struct kind *k;

	if (!slice_starts(*text, "{"))
		return kind_of(SCHEME_PLAIN);
	k = kind_named(slice_from(slice_first(*text, end), 1));
	if (k && end < text->len) {
		*text = slice_from(*text, end + 1);
		*at += end + 1;
		return k;
	}
	return NULL;
}

const char *secret_read(struct slice text, struct secret *s, size_t *at)
{
	const struct kind *k;
	const char *wrong;

	*at = 0;
	k = take_scheme(&text, at);
	if (!k)
		return "the scheme is none of {PLAIN}, {CRYPT}, {SCRAM-SHA-1} "
		       "and {SCRAM-SHA-256}";
	*s = (struct secret){ .scheme = k->scheme, .text = text };
	if (!text.len)
		return "the password is empty";
	if (text.len > SECRET_PASSWORD_MAX)
		return "the password is longer than 1024 octets";
	wrong = check_octets(text, at);
	if (!wrong && k->scheme == SCHEME_CRYPT)
		return check_crypt(text);
	return !wrong && k->digest ? read_scram(text, k->key, s, at) : wrong;
}

/* ------------------------------------------------------------------------- */
/* SCRAM's keys (RFC 5802 section 3). */

struct keys {
	unsigned char stored[KEY_MAX], server[KEY_MAX];
};

static bool hmac(const EVP_MD *md, const unsigned char *key, size_t len,
		 const char *text, unsigned char *to)
{
	return HMAC(md, key, (int)len, (const unsigned char *)text,
		    strlen(text), to, NULL) != NULL;
}

static bool derive(const struct kind *k, struct slice password,
		   struct slice salt, unsigned iterations, struct keys *keys)
{
	EVP_MD *md = EVP_MD_fetch(NULL, k->digest, NULL);
	unsigned char salted[KEY_MAX], client[KEY_MAX];
	bool done = md &&
		    PKCS5_PBKDF2_HMAC(password.ptr, (int)password.len,
				      (const unsigned char *)salt.ptr,
				      (int)salt.len, (int)iterations, md,
				      (int)k->key, salted) &&
		    hmac(md, salted, k->key, "Client Key", client) &&
		    EVP_Digest(client, k->key, keys->stored, NULL, md, NULL) &&
		    hmac(md, salted, k->key, "Server Key", keys->server);

	OPENSSL_cleanse(salted, sizeof(salted));
	OPENSSL_cleanse(client, sizeof(client));
	EVP_MD_free(md);
	return done;
}

static bool scram_matches(const struct secret *s, struct slice password)
{
	const struct kind *k = kind_of(s->scheme);
	char salt[BASE64_DECODED(128)], stored[BASE64_DECODED(128)];
	struct keys keys;
	size_t salt_len, len;
	bool right = base64_decode(s->salt, salt, &salt_len) &&
		     base64_decode(s->stored_key, stored, &len) &&
		     derive(k, password, slice_of(salt, salt_len),
			    s->iterations, &keys) &&
		     CRYPTO_memcmp(stored, keys.stored, k->key) == 0;

	OPENSSL_cleanse(&keys, sizeof(keys));
	return right;
}

/* ------------------------------------------------------------------------- */

static bool same(struct slice a, struct slice b)
{
	return a.len == b.len && CRYPTO_memcmp(a.ptr, b.ptr, a.len) == 0;
}

/* Returns owned what crypt(3) makes of the password, or NULL. */
static char *crypted(struct slice password, struct slice setting)
{
	struct crypt_data *data = calloc(1, sizeof(*data));
	char *phrase = slice_copy(password), *form = slice_copy(setting);
	char *hash = NULL, *made = NULL;

	if (data && phrase && form)
		hash = crypt_r(phrase, form, data);
	if (hash && hash[0] != '*')
		made = slice_copy(slice_str(hash));
	if (phrase)
		OPENSSL_cleanse(phrase, password.len);
	if (data)
		OPENSSL_cleanse(data, sizeof(*data));
	free(data);
	free(phrase);
	free(form);
	return made;
}

static bool crypt_matches(const struct secret *s, struct slice password)
{
	char *made = crypted(password, s->text);
	bool right = made && same(slice_str(made), s->text);

	free(made);
	return right;
}

bool secret_matches(const struct secret *s, struct slice password)
{
	if (!password.len || password.len > SECRET_PASSWORD_MAX ||
	    slice_find(password, '\0') < password.len)
		return false;
	switch (s->scheme) {
	case SCHEME_PLAIN:
		return same(s->text, password);
	case SCHEME_CRYPT:
		return crypt_matches(s, password);
	default:
		return scram_matches(s, password);
	}
}

/* ------------------------------------------------------------------------- */

static bool make_crypt(struct slice password, struct buf *b)
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	char *made = NULL;

	if (crypt_gensalt_rn(NULL, 0, NULL, 0, setting, sizeof(setting)))
		made = crypted(password, slice_str(setting));
	buf_add_str(b, made);
	free(made);
	return made != NULL;
}

static bool make_scram(const struct kind *k, struct slice password,
		       struct buf *b)
{
	unsigned char salt[SALT];
	struct keys keys;

	if (RAND_bytes(salt, sizeof(salt)) != 1 ||
	    !derive(k, password, slice_of(salt, sizeof(salt)), ITERATIONS,
		    &keys))
		return false;
	buf_printf(b, "%d,", ITERATIONS);
	base64_encode(slice_of(salt, sizeof(salt)), b);
	buf_add_char(b, ',');
	base64_encode(slice_of(keys.stored, k->key), b);
	buf_add_char(b, ',');
	base64_encode(slice_of(keys.server, k->key), b);
	OPENSSL_cleanse(&keys, sizeof(keys));
	return true;
}

int secret_make(const char *scheme, struct slice password, struct buf *b,
		struct error *e)
{
	const struct kind *k = kind_named(slice_str(scheme));
	const char *wrong;
	bool made = true;
	size_t at = 0;

	if (!k)
		return error_set(e,
				 "%s: not PLAIN, CRYPT, SCRAM-SHA-1 or "
				 "SCRAM-SHA-256",
				 scheme);
	wrong = check_octets(password, &at);
	if (wrong || !password.len || password.len > SECRET_PASSWORD_MAX)
		return error_set(e, "%s",
				 wrong ? wrong
				       : "a password has 1 to 1024 octets");
	buf_printf(b, "{%s}", k->name);
	if (k->scheme == SCHEME_PLAIN)
		buf_add(b, password);
	else
		made = k->digest ? make_scram(k, password, b)
				 : make_crypt(password, b);
	return made && !b->failed ? 0 : error_set(e, "no %s here", k->name);
}
