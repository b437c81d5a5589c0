/* SPDX-License-Identifier: MIT */
#include "secret.h"

#include "base64.h"
#include "crypt_form.h"
#include "saslprep.h"
#include "scram_keys.h"
#include "secrets_file.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#define ITERATIONS 4096		/* the least that RFC 5802 section 5.1 wants */
#define ITERATIONS_MAX 10000000 /* some seconds */
#define SALT 16			/* octets */

#define UNPREPARED "SASLprep (RFC 4013) can make nothing of the password"
#define TOO_LONG "the password is longer than 1024 octets"

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

bool secret_scheme_known(struct slice name)
{
	return kind_named(name) != NULL;
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

void secret_free(struct secret *s)
{
	secrets_file_wipe(&s->prepared);
}

/* What is ASCII stays where it is. */
static const char *read_password(struct slice text, struct secret *s)
{
	const char *wrong = NULL;

	if (saslprep(text, SASLPREP_STORED, &s->prepared) != 0)
		wrong = UNPREPARED;
	else if (s->prepared.len > SECRET_PASSWORD_MAX)
		wrong = TOO_LONG;
	if (wrong || slice_equal(buf_slice(&s->prepared), text))
		secret_free(s);
	else
		s->text = buf_slice(&s->prepared);
	return wrong;
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
		return TOO_LONG;
	wrong = check_octets(text, at);
	if (wrong)
		return wrong;
	if (k->digest)
		return read_scram(text, k->key, s, at);
	return k->scheme == SCHEME_CRYPT ? crypt_form_check(text)
					 : read_password(text, s);
}

/* ------------------------------------------------------------------------- */

static bool scram_matches(const struct secret *s, struct slice password)
{
	const struct kind *k = kind_of(s->scheme);
	char salt[BASE64_DECODED(128)], stored[BASE64_DECODED(128)];
	struct scram_keys keys;
	size_t salt_len, len;
	bool right = base64_decode(s->salt, salt, &salt_len) &&
		     base64_decode(s->stored_key, stored, &len) &&
		     scram_derive(&keys, k->digest, password,
				  slice_of(salt, salt_len), s->iterations) &&
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

static bool fits(const struct secret *s, struct slice password)
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

/* Whether it fits when it is prepared; *same: it was already. */
static bool fits_prepared(const struct secret *s, struct slice password,
			  bool *same)
{
	struct buf prepared = { 0 };
	bool right = saslprep(password, SASLPREP_QUERY, &prepared) == 0 &&
		     fits(s, buf_slice(&prepared));

	*same = slice_equal(buf_slice(&prepared), password);
	secrets_file_wipe(&prepared);
	return right;
}

bool secret_matches(const struct secret *s, struct slice password)
{
	bool same;

	if (fits_prepared(s, password, &same))
		return true;
	return !same && s->scheme != SCHEME_PLAIN && fits(s, password);
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
	struct scram_keys keys;

	if (RAND_bytes(salt, sizeof(salt)) != 1 ||
	    !scram_derive(&keys, k->digest, password,
			  slice_of(salt, sizeof(salt)), ITERATIONS))
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

/* Returns what is wrong with the password, or NULL. */
static const char *check_password(struct slice password, struct slice prepared)
{
	size_t at = 0;

	if (!password.len || prepared.len > SECRET_PASSWORD_MAX)
		return "a password has 1 to 1024 octets";
	return prepared.len ? check_octets(password, &at) : UNPREPARED;
}

static int make(const struct kind *k, struct slice password, struct buf *b,
		struct error *e)
{
	bool made = true;

	buf_printf(b, "{%s}", k->name);
	if (k->scheme == SCHEME_PLAIN)
		buf_add(b, password);
	else
		made = k->digest ? make_scram(k, password, b)
				 : make_crypt(password, b);
	return made && !b->failed ? 0 : error_set(e, "no %s here", k->name);
}

int secret_make(const char *scheme, struct slice password, struct buf *b,
		struct error *e)
{
	const struct kind *k = kind_named(slice_str(scheme));
	struct buf prepared = { 0 };
	const char *wrong;
	int failed;

	if (!k)
		return error_set(e, "%s: not " SECRET_SCHEMES, scheme);
	saslprep(password, SASLPREP_STORED, &prepared);
	wrong = check_password(password, buf_slice(&prepared));
	failed = wrong ? error_set(e, "%s", wrong)
		       : make(k, buf_slice(&prepared), b, e);
	secrets_file_wipe(&prepared);
	return failed;
}
