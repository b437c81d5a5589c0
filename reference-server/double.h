/* SPDX-License-Identifier: MIT */
/*
 * A double: the server plays the part of one that misbehaves, for who tests a
 * client. A rule says at which command, and what happens instead:
 *
 *	RETR 2 => say -ERR [SYS/TEMP] try later
 *	RETR => delay 1500		(ms before the reply)
 *	RETR => cut 1000		(closes behind so many octets of the reply)
 *	QUIT => close			(without a reply)
 *	CONNECT => say +OK only to you	(instead of the greeting)
 *	* => delay 20			(every command, not CONNECT)
 *
 * The first rule that fits counts. The words of a command are compared one by
 * one, without case, and those that the rule leaves out may be any.
 */
#ifndef POP3_DOUBLE_H
#define POP3_DOUBLE_H

#include "bytes.h"
#include "error.h"

#include <stdint.h>

/* What stands for a command when a client connects. */
#define DOUBLE_CONNECT "CONNECT"

enum double_action { DOUBLE_SAYS, DOUBLE_DELAYS, DOUBLE_CUTS, DOUBLE_CLOSES };

struct double_rule {
	struct slice when; /* borrowed from the text of the rule */
	enum double_action action;
	struct buf text;   /* of DOUBLE_SAYS: what is sent, with its line end */
	uint64_t number;   /* ms of DOUBLE_DELAYS, octets of DOUBLE_CUTS */
};

struct doubles {
	struct double_rule *rules; /* owned */
	size_t count;
};

/*
 * Add the rule that text is; d borrows text. In what is said, \r \n \t \\ and
 * \xHH stand for octets, so that a reply can have several lines; CRLF is put
 * behind it unless it ends in \c. Returns 0, or -1 and e, which says what was
 * expected where.
 */
int doubles_add(struct doubles *d, const char *text, struct error *e);
void doubles_free(struct doubles *d);

/* The rule for a line as the client sent it, or NULL. */
const struct double_rule *doubles_find(const struct doubles *d,
				       struct slice line);

#endif
