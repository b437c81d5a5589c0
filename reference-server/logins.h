/* SPDX-License-Identifier: MIT */
/*
 * Who logged in when, of those who did last: what LOGIN-DELAY (RFC 2449 section
 * 6.5) is enforced by. As many users as there is room for; of more, those whose
 * login is longest ago are forgotten, and may come again too soon.
 */
#ifndef POP3_LOGINS_H
#define POP3_LOGINS_H

#include "bytes.h"
#include "user_name.h"

#include <stdint.h>

#define LOGINS_ROOM 1024

/* All zeroes: nobody logged in. */
struct logins {
	struct {
		char user[USER_NAME_MAX + 1]; /* "": free */
		uint64_t at;		      /* ms */
	} list[LOGINS_ROOM];
};

/* user logged in, now (ms, which never goes back). */
void logins_note(struct logins *l, struct slice user, uint64_t now);

/* True when the last login of user is less than delay (ms) ago. */
bool logins_too_soon(const struct logins *l, struct slice user, uint64_t now,
		     uint64_t delay);

#endif
