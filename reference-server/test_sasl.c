/* SPDX-License-Identifier: MIT */
/* Mechanisms, with GNU SASL's client as the peer. */
#include "sasl_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Of few iterations: the tests are many. */
#define SCRAM_1                                                                \
	"scram1:{SCRAM-SHA-1}16,fPHGmNjUu7A2jnXGxj+eLw==,"                     \
	"vWdOkp9Htd/6AH8HGBenzsOfk3Y=,EQL/tt06d7tkaR9n0TX7eYsZtkk=\n"
#define SCRAM_256                                                              \
	"scram256:{SCRAM-SHA-256}16,bbNYOV8HQOKmyZUjlU5Yww==,"                 \
	"JSdsI5CHyEVnzhy/pbGLRLydxjZJ8ALQB84g1Abo1tM=,"                        \
	"YcwoMRu9mUdfeqlS5s7E4ZT+p1GXj8ExUEWoxVZbgvk=\n"
#define CRYPT                                                                  \
	"crypt:{CRYPT}$2y$05$2AVQDOhNb2FgBJKdCKrAB.94ai3/U/"                   \
	"VEHQhyVQHZo.b2ux23y6lkq\n"
#define ALL "plain:secret\nother:secret\n" SCRAM_1 SCRAM_256 CRYPT

static const struct tls_facts exporter = {
	.binding_type = "tls-exporter",
	.binding = { "0123456789abcdef0123456789abcdef", 32 },
	.common_name = { "crypt", 5 },
};

static const struct tls_facts unique = {
	.binding_type = "tls-unique",
	.binding = { "0123456789ab", 12 },
	.common_name = { "nobody", 6 },
};

static const struct tls_facts bare; /* TLS without anything */

struct world {
	struct sasl_config config;
	struct users *users;
	struct tokens *tokens;
	struct sasl *sasl;
};

static struct world *new_world(const char *users)
{
	struct world *w = calloc(1, sizeof(*w));
	struct error e;

	w->users = users_parse("f", slice_str(users), NULL);
	w->tokens = tokens_parse("t", slice_str("plain:to.ken==\n"), NULL);
	assert_non_null(w->users);
	assert_non_null(w->tokens);
	w->config = (struct sasl_config){
		.users = w->users,
		.clear_passwords = true,
	};
	w->sasl = sasl_new(&w->config, &e);
	assert_non_null(w->sasl);
	return w;
}

static void free_world(struct world *w)
{
	sasl_free(w->sasl);
	tokens_free(w->tokens);
	users_free(w->users);
	free(w);
}

static int set_up(void **state)
{
	*state = new_world(ALL);
	return 0;
}

static int tear_down(void **state)
{
	free_world(*state);
	return 0;
}

static void offers(struct world *w, const struct tls_facts *tls,
		   const char *expected)
{
	char list[SASL_MECHANISMS];

	sasl_mechanisms(w->sasl, tls, true, list);
	assert_string_equal(list, expected);
}

#define SCRAM_BOTH "SCRAM-SHA-256 SCRAM-SHA-1"
#define SCRAM_PLUS                                                             \
	"SCRAM-SHA-256-PLUS SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-1"

static void what_can_succeed_is_offered(void **state)
{
	struct world *w = *state, *of_one;
	char list[SASL_MECHANISMS];

	offers(w, NULL, SCRAM_BOTH " CRAM-MD5 PLAIN");
	offers(w, &bare, SCRAM_BOTH " CRAM-MD5 PLAIN");
	offers(w, &exporter, SCRAM_PLUS " CRAM-MD5 PLAIN EXTERNAL");
	offers(w, &unique, SCRAM_PLUS " CRAM-MD5 PLAIN");
	sasl_mechanisms(w->sasl, NULL, false, list);
	assert_string_equal(list, SCRAM_BOTH " CRAM-MD5");
	sasl_mechanisms(w->sasl, &bare, false, list);
	assert_string_equal(list, SCRAM_BOTH " CRAM-MD5 PLAIN");
	w->config.clear_passwords = false;
	w->config.anonymous = "plain";
	w->config.tokens = w->tokens;
	offers(w, NULL, SCRAM_BOTH " CRAM-MD5 ANONYMOUS");
	offers(w, &bare, SCRAM_BOTH " CRAM-MD5 PLAIN OAUTHBEARER ANONYMOUS");
	offers(w, &exporter,
	       SCRAM_PLUS " CRAM-MD5 PLAIN EXTERNAL OAUTHBEARER ANONYMOUS");
	assert_null(sasl_begin(w->sasl, NULL, slice_str("PLAIN")));
	assert_null(sasl_begin(w->sasl, NULL, slice_str("OAUTHBEARER")));
	assert_null(sasl_begin(w->sasl, NULL, slice_str("LOGIN")));
	of_one = new_world(CRYPT);
	offers(of_one, NULL, "PLAIN");
	free_world(of_one);
	of_one = new_world(SCRAM_256);
	offers(of_one, NULL, "SCRAM-SHA-256 PLAIN");
	free_world(of_one);
	of_one = new_world("# nobody\n");
	offers(of_one, NULL, "");
	offers(of_one, &exporter, "");
	free_world(of_one);
}

/* Who gets in with "secret", and how. */
static const struct {
	const char *mechanism, *user;
	const struct tls_facts *tls;
} ways[] = {
	{ "PLAIN", "plain", NULL },
	{ "PLAIN", "crypt", NULL },
	{ "PLAIN", "scram1", NULL },
	{ "PLAIN", "scram256", &bare },
	{ "CRAM-MD5", "plain", NULL },
	{ "SCRAM-SHA-1", "plain", NULL },
	{ "SCRAM-SHA-1", "scram1", &bare },
	{ "SCRAM-SHA-256", "plain", NULL },
	{ "SCRAM-SHA-256", "scram256", NULL },
	{ "SCRAM-SHA-1-PLUS", "scram1", &unique },
	{ "SCRAM-SHA-1-PLUS", "plain", &exporter },
	{ "SCRAM-SHA-256-PLUS", "scram256", &exporter },
	{ "SCRAM-SHA-256-PLUS", "plain", &unique },
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

/* One of each mechanism, for what takes long. */
static const size_t few[] = { 0, 4, 6, 8, 9, 11 };

#define FEW (sizeof(few) / sizeof(few[0]))

/* A client of way i. */
static struct sasl_client client(size_t i)
{
	struct sasl_client c = { .user = ways[i].user, .password = "secret" };

	if (ways[i].tls) {
		c.binding_type = ways[i].tls->binding_type;
		c.binding = ways[i].tls->binding;
	}
	return c;
}

/* Returns true when c is let in as its user; else it was refused for why. */
static bool gets_in(struct world *w, struct sasl_client *c, size_t i,
		    bool with_auth, enum refusal why)
{
	struct sasl_exchange *x;
	struct sasl_answer a = sasl_client_play(
		c, w->sasl, ways[i].tls, ways[i].mechanism, with_auth, &x);
	bool in = a.what == SASL_SUCCESS;

	if (in)
		assert_true(slice_is(a.user, c->user));
	else
		assert_int_equal(a.why, why);
	sasl_end(x);
	return in;
}

static bool server_speaks_first(size_t i)
{
	return slice_is(slice_str(ways[i].mechanism), "CRAM-MD5");
}

static void the_right_password_gets_in(void **state)
{
	for (size_t i = 0; i < WAYS; i++)
		for (int with_auth = 0; with_auth < 2; with_auth++) {
			struct sasl_client c = client(i);

			if (with_auth && server_speaks_first(i))
				continue;
			assert_true(gets_in(*state, &c, i, with_auth, 0));
			assert_true(c.satisfied);
		}
}

static void nobody_acts_for_another(void **state)
{
	for (size_t i = 0; i < WAYS; i++) {
		struct sasl_client c = client(i);

		if (server_speaks_first(i))
			continue; /* CRAM-MD5 has no such thing */
		c.authzid = c.user;
		assert_true(gets_in(*state, &c, i, true, 0));
		c.authzid = "other";
		assert_false(gets_in(*state, &c, i, true, REFUSED_CREDENTIALS));
	}
}

static void a_wrong_password_or_name_does_not_get_in(void **state)
{
	static const char *const names[] = { "nobody", "Plain", "../plain",
					     "plain,", "other " };

	for (size_t i = 0; i < WAYS; i++) {
		struct sasl_client c = client(i);

		c.password = "Secret";
		assert_false(
			gets_in(*state, &c, i, false, REFUSED_CREDENTIALS));
		c.password = "secret2";
		assert_false(
			gets_in(*state, &c, i, false, REFUSED_CREDENTIALS));
		c.password = "secret";
		for (size_t n = 0; n < 5; n++) {
			c.user = names[n];
			assert_false(gets_in(*state, &c, i, false,
					     REFUSED_CREDENTIALS));
		}
	}
}

/* A user without a secret of the kind is as one that is not known. */
static void a_secret_is_good_for_its_mechanisms_only(void **state)
{
	static const char *const none[][2] = {
		{ "CRAM-MD5", "crypt" },       { "CRAM-MD5", "scram1" },
		{ "SCRAM-SHA-1", "scram256" }, { "SCRAM-SHA-256", "scram1" },
		{ "SCRAM-SHA-256", "crypt" },
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct sasl_client c = { .user = none[i][1],
					 .password = "secret" };
		struct sasl_exchange *x;
		struct sasl_answer a = sasl_client_play(&c, w->sasl, NULL,
							none[i][0], false, &x);

		assert_int_equal(a.what, SASL_REFUSED);
		assert_int_equal(a.why, REFUSED_CREDENTIALS);
		assert_true(c.said >= 1);
		sasl_end(x);
	}
}

/* Whether a client that knows the secret, and says it changed, gets in. */
static bool changed_gets_in(struct world *w, size_t way,
			    void (*change)(struct buf *message, size_t number,
					   void *of),
			    void *of)
{
	struct sasl_client c = client(way);
	struct sasl_exchange *x;
	struct sasl_answer a;

	c.change = change;
	c.of = of;
	a = sasl_client_play(&c, w->sasl, ways[way].tls, ways[way].mechanism,
			     false, &x);
	sasl_end(x);
	return a.what == SASL_SUCCESS;
}

struct cut {
	size_t message, octets; /* so many of that are left */
	bool done;
};

static void cut(struct buf *message, size_t number, void *of)
{
	struct cut *c = of;

	if (number != c->message || c->octets >= message->len)
		return;
	message->len = c->octets;
	c->done = true;
}

static void nothing_that_is_cut_gets_in(void **state)
{
	struct world *w = *state;

	for (size_t n = 0; n < FEW; n++) {
		size_t i = few[n], cuts = 0;

		for (size_t message = 0; message < 2; message++) {
			struct cut how = { .message = message, .done = true };

			for (; how.done; how.octets++) {
				bool in;

				how.done = false;
				in = changed_gets_in(w, i, cut, &how);
				assert_int_equal(in, !how.done);
				cuts += how.done;
			}
		}
		assert_true(cuts > 10);
	}
}

struct flip {
	size_t message, at;
	bool done;
};

static void flip(struct buf *message, size_t number, void *of)
{
	struct flip *f = of;
	bool in_padding;

	if (number != f->message || f->at >= message->len)
		return;
	/* Bits behind the last octet of base64 mean nothing to GNU SASL. */
	in_padding = message->ptr[message->len - 1] == '=' &&
		     f->at + 3 >= message->len;
	message->ptr[f->at] ^= in_padding ? 0x40 : 1;
	f->done = true;
}

static void nothing_that_was_changed_gets_in(void **state)
{
	struct world *w = *state;

	for (size_t n = 0; n < FEW; n++)
		for (size_t message = 0; message < 2; message++) {
			size_t i = few[n];
			struct flip how = { .message = message, .done = true };

			for (; how.done; how.at++) {
				bool in;

				how.done = false;
				in = changed_gets_in(w, i, flip, &how);
				assert_int_equal(in, !how.done);
			}
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(what_can_succeed_is_offered),
		TEST(the_right_password_gets_in),
		TEST(nobody_acts_for_another),
		TEST(a_wrong_password_or_name_does_not_get_in),
		TEST(a_secret_is_good_for_its_mechanisms_only),
		TEST(nothing_that_is_cut_gets_in),
		TEST(nothing_that_was_changed_gets_in),
	};

	return cmocka_run_group_tests_name("sasl", tests, NULL, NULL);
}
