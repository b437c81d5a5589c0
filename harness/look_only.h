/* SPDX-License-Identifier: MIT */
/*
 * A maildrop is somebody's mail until proven otherwise. In a run that may only
 * look, this is the wall behind all scenarios: what could remove mail or alarm
 * a site is not sent, whoever asks for it.
 */
#ifndef JUDGE_LOOK_ONLY_H
#define JUDGE_LOOK_ONLY_H

#include "sent_command.h"

#define LOOK_ONLY_LINE 255 /* octets of a command with its CRLF */

/* What is known of a connection when something is to be sent on it. */
struct look_only {
	struct slice unfinished; /* of a command that was begun */
	bool retrieved;          /* RETR was sent in this session */
};

/*
 * True when octets may go out behind what l says. Not so: DELE; QUIT in a
 * session that sent RETR (a site may delete then what was retrieved, RFC 1939
 * section 8); a line over LOOK_ONLY_LINE. LF ends a line here, too: a lenient
 * server may read it so. False leaves the reason in why, static.
 */
bool look_only_allows(const struct look_only *l, struct slice octets,
		      const char **why);

#endif
