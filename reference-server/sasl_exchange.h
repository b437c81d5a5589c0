/* SPDX-License-Identifier: MIT */
/* An exchange, for the files of sasl.c only. */
#ifndef POP3_SASL_EXCHANGE_H
#define POP3_SASL_EXCHANGE_H

#include "sasl.h"

#include <gsasl.h>

struct sasl {
	const struct sasl_config *config;
	Gsasl *gsasl;
	bool md5; /* there is one here */
};

struct sasl_exchange {
	const struct sasl *sasl;
	const struct tls_facts *tls; /* NULL: in clear */
	const struct mechanism *mechanism;
	bool begun;  /* a response was heard, or asked for */
	bool failed; /* OAUTHBEARER: only the reason is still on its way */

	Gsasl_session *gsasl; /* of its mechanisms only */
	bool prepared;	      /* a SCRAM exchange has its secret */
	bool doomed;	      /* by a name that is not known */
	char user[USER_NAME_MAX + 1]; /* who it is, or wants to be */
	struct buf out; /* what was answered */
	struct error trouble; /* of ours; "": none was told */
};

struct mechanism {
	const char *name;
	bool client_first; /* may it send a response with AUTH? */
	unsigned schemes;  /* of secrets with which it works; 0: needs none */
	bool binds;	   /* channel binding */
	struct sasl_answer (*step)(struct sasl_exchange *x,
				   struct slice response);
};

static inline struct sasl_answer sasl_refused(enum refusal why)
{
	return (struct sasl_answer){ .what = SASL_REFUSED, .why = why };
}

/*
 * x is that user's, unless there can be no such name, or authzid is neither
 * empty nor the same.
 */
struct sasl_answer sasl_succeed(struct sasl_exchange *x, struct slice user,
				struct slice authzid);

/* Note whom the client says to be, for sasl_name(). */
void sasl_note_name(struct sasl_exchange *x, struct slice name);

/* True when there is such a user. */
bool sasl_knows(const struct sasl *s, struct slice name);

/* How mechanisms go; called with a response. */
struct sasl_answer gsasl_mechanism(struct sasl_exchange *x,
				   struct slice response);
struct sasl_answer cram_md5(struct sasl_exchange *x, struct slice response);
struct sasl_answer anonymous(struct sasl_exchange *x, struct slice response);
struct sasl_answer oauthbearer(struct sasl_exchange *x, struct slice response);

/* GNU SASL asks for what only we can know. */
int gsasl_asks(Gsasl *gsasl, Gsasl_session *session, Gsasl_property what);

#endif
