/* SPDX-License-Identifier: MIT */
/*
 * SASL mechanisms (RFC 4422), the server's end: one exchange is a few octets in
 * and a few out. No socket or file, but for what asks about a token, and no
 * clock, but for a challenge.
 *
 *	PLAIN (RFC 4616), SCRAM-SHA-1 (RFC 5802), SCRAM-SHA-256
 *	(RFC 7677), EXTERNAL (RFC 4422 appendix A)		by GNU SASL
 *	ANONYMOUS (RFC 4505), CRAM-MD5 (RFC 2195), OAUTHBEARER
 *	(RFC 7628)						our own
 *
 * Nobody acts for another: an authorization identity is empty or the name of
 * who authenticates himself. A user's name is what user_name.h allows.
 */
#ifndef POP3_SASL_H
#define POP3_SASL_H

#include "session.h"
#include "tls_facts.h"
#include "tokens.h"
#include "users.h"

struct sasl_config {
	const struct users *users;
	struct tokens *tokens; /* NULL: no OAUTHBEARER */
	const char *anonymous; /* whose maildrop ANONYMOUS opens, or NULL */
	bool clear_passwords;  /* PLAIN also without TLS */
	const char *host; /* ours, in challenges; NULL: "localhost" */
	bool host_given;  /* clients know us by it, by no other */
};

struct sasl;

/* Borrows config until sasl_free(). Returns owned, or NULL and e. */
struct sasl *sasl_new(const struct sasl_config *config, struct error *e);
void sasl_free(struct sasl *s);

#define SASL_MECHANISMS 200

/*
 * Which mechanisms are offered over TLS, or in clear (NULL): those with which
 * somebody can have success, PLAIN in clear only with clear_passwords. As CAPA lists them, written with a NUL to the
 * SASL_MECHANISMS octets at to.
 *
 * The -PLUS forms need channel binding, EXTERNAL a client's certificate whose
 * common name is a user's, and OAUTHBEARER any TLS at all (RFC 7628 section 3).
 */
void sasl_mechanisms(const struct sasl *s, const struct tls_facts *tls,
		     bool clear_passwords, char *to);

struct sasl_exchange;

/*
 * Begin an exchange of this mechanism. Borrows s and tls until sasl_end().
 * Returns owned, or NULL when it is not offered, or without memory.
 */
struct sasl_exchange *sasl_begin(const struct sasl *s,
				 const struct tls_facts *tls,
				 struct slice mechanism);

/* NULL is no exchange. Wipes what was said. */
void sasl_end(struct sasl_exchange *x);

/* What follows upon a response. Borrowed until the next step, or sasl_end(). */
struct sasl_answer {
	enum { SASL_CHALLENGE, SASL_SUCCESS, SASL_REFUSED } what;
	struct slice octets; /* the challenge, or what goes with the success;
				ptr is NULL for none of that */
	struct slice user;   /* of a success */
	enum refusal why;
	bool told; /* of a challenge: it tells that the exchange failed, and
		      why; of a refusal: a challenge told it already, so that
		      this is no second failure */
	bool other_host; /* it fails for what it names: a host that we are not;
			    for who reads a log */
};

/* True when this step found out that the credentials are wrong. */
bool sasl_failed(const struct sasl_answer *a);

/*
 * Hear a response; ptr is NULL when the client sent none with AUTH. May take
 * some ms, and OAUTHBEARER as long as tokens_check() does. Not to be called
 * again after anything but a challenge. Several threads may step at once, but
 * not the same exchange.
 */
struct sasl_answer sasl_step(struct sasl_exchange *x, struct slice response);

/*
 * Whom the client said to be, or whose maildrop it asked for, as far as it did;
 * borrowed until sasl_end().
 */
struct slice sasl_name(const struct sasl_exchange *x);

/*
 * What is behind REFUSED_FOR_NOW, for who reads a log; borrowed until
 * sasl_end(). No secret is in it.
 */
const struct error *sasl_trouble(struct sasl_exchange *x);

/* Tell the session, which is in WANT_AUTH. */
void sasl_tell(const struct sasl_answer *a, struct session *session);

#endif
