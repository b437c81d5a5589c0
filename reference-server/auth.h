/* SPDX-License-Identifier: MIT */
/*
 * AUTH (RFC 5034 section 4): a SASL exchange (RFC 4422) within a session. From
 * AUTH on, until it succeeds or fails, each line is a response, no command. For
 * the files of the core only.
 */
#ifndef POP3_AUTH_H
#define POP3_AUTH_H

#include "command.h"
#include "render.h"
#include "session.h"

/*
 * The longest response with its CRLF. RFC 5034 wants room for all that a
 * mechanism may say and names no number; RFC 4954 section 4 does, for SMTP.
 */
#define AUTH_OCTETS 12288
#define AUTH_MECHANISM 20 /* octets of a name (RFC 4422 section 3.1) */

enum exchange {
	NO_EXCHANGE,
	AUTH_CAME,	/* the outside is asked */
	RESPONSE_DUE,	/* to a challenge */
	EMPTY_LINE_DUE, /* to what ends a successful exchange */
	AUTHENTICATED,	/* the outside opens the maildrop */
};

struct auth {
	enum exchange exchange;
	char mechanism[AUTH_MECHANISM]; /* in capital letters */
	char *line; /* owned, AUTH_OCTETS of room; NULL between exchanges */
	size_t len; /* of the line that comes; what is beyond is not kept */
	char last;
	char user[COMMAND_OCTETS]; /* who authenticated himself */
	size_t user_len;
	struct auth_said said;
};

bool auth_is_open(const struct session *s);

/*
 * Feed octets of a response up to its line end. Returns how many it took;
 * *complete is then true when the end was among them.
 */
size_t auth_feed(struct session *s, struct slice octets, bool *complete);

/* Obey the response that is complete. r stays REPLY_LATER when it goes on. */
void auth_respond(struct session *s, struct reply *r);

/* The exchange is over; what was said in it is wiped. */
void auth_close(struct session *s);

#endif
