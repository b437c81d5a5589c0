/* SPDX-License-Identifier: MIT */
/*
 * A maildrop is somebody's mail until proven otherwise. In a run that may only
 * look, this is the wall behind all scenarios: what could remove mail, lock its
 * owner out or alarm a site is not sent, whoever asks for it.
 */
#ifndef JUDGE_LOOK_ONLY_H
#define JUDGE_LOOK_ONLY_H

#include "stage.h"

#define LOOK_ONLY_LINE 255 /* octets of a command with its CRLF */

/* What is known of a connection when something is to be sent on it. */
struct look_only {
	struct slice unfinished; /* of a command that was begun */
	bool retrieved;          /* RETR was sent in this session */
	const struct account *account; /* NULL: nobody can log in */
	const char *timestamp;   /* of the greeting, or "" */
};

/*
 * True when octets may go out behind what l says. Not so: DELE; QUIT in a
 * session that sent RETR (a site may delete then what was retrieved, RFC 1939
 * section 8); a login by anything but the account's password or its digest; a
 * line over LOOK_ONLY_LINE. Read as the most lenient server might: CR and LF
 * each end a line, what precedes the keyword is nothing, and four letters are
 * the keyword. False leaves the reason in why, static.
 */
bool look_only_allows(const struct look_only *l, struct slice octets,
		      const char **why);

#endif
