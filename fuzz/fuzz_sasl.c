/* SPDX-License-Identifier: MIT */
/*
 * One SASL exchange with the server's end, which is to let nobody in who does
 * not know the secret. The client is GNU SASL's, and the input spoils what it
 * says:
 *
 *	octet 0		the mechanism, and 16: a response goes with AUTH
 *	octet 1		the user; 8: in clear also for SCRAM, 16: a wrong
 *			password, 32: an authzid, 64: TLS with an exporter,
 *			128: with tls-unique
 *	for each message, 0: as the client says it
 *		1 N ...	N octets instead
 *		2 N	its first N octets
 *		3 N X	octet N is changed by X
 *		4 N ...	N octets behind it
 *		5 N H L	H * 256 + L times the octet N instead
 */
#include "fuzz.h"
#include "sasl_client.h"

#include <stdlib.h>
#include <string.h>

#define TOKEN "vF9dft4qmT"
#define RIGHT "secret"
#define WRONG "Secret"

static const char *const mechanisms[] = {
	"PLAIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256",
	"SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS", "EXTERNAL", "ANONYMOUS",
	"OAUTHBEARER",
};

#define MECHANISMS (sizeof(mechanisms) / sizeof(mechanisms[0]))

/* Of few iterations, and all of one password. */
static const char users[] =
	"plain:secret\nother:secret\n"
	"crypt:{CRYPT}$1$tasty$rKga.oNr3KZxypaD.BmF6.\n"
	"scram1:{SCRAM-SHA-1}16,fPHGmNjUu7A2jnXGxj+eLw==,"
	"vWdOkp9Htd/6AH8HGBenzsOfk3Y=,EQL/tt06d7tkaR9n0TX7eYsZtkk=\n"
	"scram256:{SCRAM-SHA-256}16,bbNYOV8HQOKmyZUjlU5Yww==,"
	"JSdsI5CHyEVnzhy/pbGLRLydxjZJ8ALQB84g1Abo1tM=,"
	"YcwoMRu9mUdfeqlS5s7E4ZT+p1GXj8ExUEWoxVZbgvk=\n";

static const char *const names[] = { "plain", "crypt", "scram1", "scram256",
				     "other", "nobody" };

#define NAMES (sizeof(names) / sizeof(names[0]))

static const struct tls_facts channels[] = {
	{ .binding_type = "tls-exporter",
	  .binding = { "0123456789abcdef0123456789abcdef", 32 },
	  .common_name = { "crypt", 5 } },
	{ .binding_type = "tls-unique", .binding = { "0123456789ab", 12 } },
};

/* The library's, so that an input means the same each time. */
int gsasl_nonce(char *to, size_t len)
{
	memset(to, 'N', len);
	return GSASL_OK;
}

static struct sasl *server(void)
{
	static struct sasl_config config = { .anonymous = "plain",
					     .clear_passwords = true };
	static struct sasl *sasl;
	struct error e;

	if (sasl)
		return sasl;
	config.users = users_parse("users", slice_str(users), NULL);
	config.tokens = tokens_parse("tokens", slice_str("other:" TOKEN), NULL);
	sasl = config.users && config.tokens ? sasl_new(&config, &e) : NULL;
	if (!sasl)
		abort();
	return sasl;
}

/* An exchange that is played, and what its client came to know. */
struct play {
	struct input in;
	struct sasl_client client;
	const char *mechanism;
	const struct tls_facts *tls;
	bool with_auth;	 /* the first message */
	bool spoilt;	 /* a message is not what the client would say */
	bool has_secret; /* it stood in a message */
};

static void replace(struct play *p, struct buf *message, size_t octets)
{
	buf_clear(message);
	buf_reserve(message, 1);
	buf_add(message, input_take(&p->in, octets));
}

static void repeat(struct play *p, struct buf *message, unsigned char octet)
{
	size_t count = input_octet(&p->in) * 256u;

	count += input_octet(&p->in);
	buf_clear(message);
	for (size_t i = 0; i < count; i++)
		buf_add_char(message, (char)octet);
}

static void spoil(struct play *p, struct buf *message, unsigned char how)
{
	unsigned char n = input_octet(&p->in);

	if (how == 1)
		replace(p, message, n);
	else if (how == 2 && n < message->len)
		message->len = n;
	else if (how == 3 && n < message->len)
		message->ptr[n] ^= (char)input_octet(&p->in);
	else if (how == 4)
		buf_add(message, input_take(&p->in, n));
	else if (how == 5)
		repeat(p, message, n);
}

static bool has(const struct buf *message, const char *text)
{
	struct slice octets = buf_slice(message);

	return slice_search(octets, slice_str(text)) < octets.len;
}

static void change(struct buf *message, size_t number, void *of)
{
	struct play *p = of;
	unsigned char how = input_octet(&p->in) % 6;

	(void)number;
	if (how) {
		spoil(p, message, how);
		p->spoilt = true;
	}
	p->has_secret |= has(message, RIGHT) || has(message, TOKEN);
}

static bool is(const struct play *p, const char *mechanism)
{
	return slice_starts(slice_str(p->mechanism), mechanism);
}

static const char *one_of(const char *const list[], size_t count, unsigned n)
{
	return list[n % count];
}

/* Passwords in clear take SCRAM thousands of iterations: now and then only. */
static const char *user_of(const struct play *p, unsigned user)
{
	const char *name = one_of(names, NAMES, user & 7);

	if (!is(p, "SCRAM") || user & 8 ||
	    (strcmp(name, "plain") && strcmp(name, "other")))
		return name;
	return is(p, "SCRAM-SHA-256") ? "scram256" : "scram1";
}

static void set_up(struct play *p)
{
	unsigned user = input_octet(&p->in);
	struct sasl_client *c = &p->client;

	c->user = user_of(p, user);
	c->password = user & 16 ? WRONG : RIGHT;
	c->authzid = user & 32 ? "other" : NULL;
	if (user & 192)
		p->tls = &channels[user & 64 ? 0 : 1];
	if (p->tls) {
		c->binding_type = p->tls->binding_type;
		c->binding = p->tls->binding;
	}
	c->change = change;
	c->of = p;
}

/* Who needs no secret is known by other means. */
static bool knows_secret(const struct play *p)
{
	return is(p, "ANONYMOUS") || (is(p, "EXTERNAL") && p->tls) ||
	       p->has_secret || !strcmp(p->client.password, RIGHT);
}

/* Who is let in by this mechanism? NULL: whoever is named. */
static const char *who(const struct play *p)
{
	if (is(p, "ANONYMOUS"))
		return "plain";
	if (is(p, "EXTERNAL"))
		return "crypt";
	return is(p, "OAUTHBEARER") ? "other" : NULL;
}

static bool is_user(struct slice name)
{
	for (size_t i = 0; i < NAMES; i++)
		if (slice_is(name, names[i]))
			return strcmp(names[i], "nobody") != 0;
	return false;
}

/* "y", a lie that we refuse (RFC 5802 section 6). */
static bool thinks_we_cannot_bind(const struct play *p)
{
	return p->tls && (!strcmp(p->mechanism, "SCRAM-SHA-1") ||
			  !strcmp(p->mechanism, "SCRAM-SHA-256"));
}

/* An honest client of a mechanism that its user's secret is good for. */
static bool must_get_in(const struct play *p)
{
	const char *user = p->client.user;

	if (p->spoilt || p->client.authzid || thinks_we_cannot_bind(p) ||
	    (p->with_auth && is(p, "CRAM")) ||
	    strcmp(p->client.password, RIGHT) || !strcmp(user, "nobody"))
		return false;
	if (!strcmp(user, "plain") || !strcmp(user, "other") || is(p, "PLAIN"))
		return is(p, "PLAIN") || is(p, "CRAM") || is(p, "SCRAM");
	return (is(p, "SCRAM-SHA-1") && !strcmp(user, "scram1")) ||
	       (is(p, "SCRAM-SHA-256") && !strcmp(user, "scram256"));
}

static void check_end(const struct play *p, const struct sasl_answer *a)
{
	const char *only = who(p);

	if (a->what != SASL_SUCCESS) {
		fuzz_holds(!must_get_in(p), "who knows the secret is let in",
			   slice_str(p->mechanism));
		return;
	}
	fuzz_holds(knows_secret(p), "only who knows a secret is let in",
		   slice_str(p->mechanism));
	fuzz_holds(is_user(a->user), "who is let in is a user", a->user);
	fuzz_holds(!only || slice_is(a->user, only),
		   "who is let in is who proved himself", a->user);
	fuzz_holds(p->spoilt || only || slice_is(a->user, p->client.user),
		   "who is let in is who proved himself", a->user);
	fuzz_holds(p->spoilt || !p->client.authzid || is(p, "CRAM") ||
			   is(p, "ANONYMOUS") ||
			   slice_is(a->user, p->client.authzid),
		   "nobody acts for another", a->user);
}

/* OAUTHBEARER is not GNU SASL's: its messages are all the input's. */
static struct sasl_answer play_raw(struct play *p, struct sasl_exchange *x)
{
	struct sasl_answer a = { 0 };
	struct buf message = { 0 };

	for (size_t i = 0; i < 9 && a.what == SASL_CHALLENGE; i++) {
		buf_clear(&message);
		buf_reserve(&message, 1);
		p->client.said = i + 1;
		change(&message, i, p);
		a = sasl_step(x, buf_slice(&message));
		if (a.octets.len > message.len + p->client.beyond)
			p->client.beyond = a.octets.len - message.len;
	}
	buf_free(&message);
	return a;
}

static struct sasl_answer play(struct play *p, struct sasl_exchange **x)
{
	if (!is(p, "OAUTHBEARER"))
		return sasl_client_play(&p->client, server(), p->tls,
					p->mechanism, p->with_auth, x);
	*x = sasl_begin(server(), p->tls, slice_str(p->mechanism));
	return *x ? play_raw(p, *x)
		  : (struct sasl_answer){ .what = SASL_REFUSED };
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	struct play p = { .in = { slice_of(octets, count) } };
	unsigned first = input_octet(&p.in);
	struct sasl_exchange *x = NULL;
	struct sasl_answer a;

	p.mechanism = one_of(mechanisms, MECHANISMS, first & 15);
	set_up(&p);
	p.with_auth = first & 16;
	a = play(&p, &x);
	if (x) {
		check_end(&p, &a);
		fuzz_holds(p.client.said <= 4, "an exchange ends",
			   slice_str(p.mechanism));
		fuzz_holds(p.client.beyond <= 100, "a challenge is short",
			   slice_str(p.mechanism));
	}
	sasl_end(x);
	return 0;
}
