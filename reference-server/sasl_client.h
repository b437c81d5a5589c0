/* SPDX-License-Identifier: MIT */
/*
 * A SASL client for tests: GNU SASL's client side as the peer of an exchange in
 * memory. Nothing of the server's end is shared but the library.
 */
#ifndef POP3_SASL_CLIENT_H
#define POP3_SASL_CLIENT_H

#include "sasl.h"

#include <gsasl.h>

struct sasl_client {
	const char *user, *password, *authzid; /* authzid may be NULL */
	const char *binding_type;	       /* NULL: it cannot bind */
	struct slice binding;
	/* What it would say is changed: message, from 0 on, or NULL. */
	void (*change)(struct buf *message, size_t number, void *of);
	void *of;

	Gsasl *gsasl;
	Gsasl_session *session;
	size_t said;	/* messages */
	bool satisfied; /* by what the server proved */
	size_t beyond;	/* octets that a challenge had at most, beyond those of
			   the message that it answered */
};

/*
 * Play mechanism against s, to its end. with_auth: the first message goes with
 * AUTH, else behind an empty challenge. Returns how it ended: SASL_SUCCESS with
 * user (borrowed from *x, which the caller ends) or SASL_REFUSED.
 */
struct sasl_answer sasl_client_play(struct sasl_client *c, const struct sasl *s,
				    const struct tls_facts *tls,
				    const char *mechanism, bool with_auth,
				    struct sasl_exchange **x);

#endif
