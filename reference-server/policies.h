/* SPDX-License-Identifier: MIT */
/* What a site may choose for its server, beyond where it listens. */
#ifndef POP3_POLICIES_H
#define POP3_POLICIES_H

#include "error.h"
#include "logins.h"
#include "session.h"

#define POLICIES_USERS 64

/* All zeroes are the defaults. */
struct policies {
	unsigned login_delay; /* s, of users who have no delay of their own */
	struct {
		struct slice user; /* borrowed */
		unsigned delay;
	} delays[POLICIES_USERS];
	size_t delay_count;
	unsigned expire_days; /* 0: mail stays for ever */
	bool implementation_is_late;
	bool legacy_last;
	enum language language;
};

/*
 * User has a delay (s) of his own; the last that he was given counts. Borrows
 * his name. Returns 0, or -1 and e when there are too many.
 */
int policies_delay_user(struct policies *p, struct slice user, unsigned delay,
			struct error *e);

/* True when user comes too soon: policies_refuse() would refuse him. */
bool policies_too_soon(const struct policies *p, const struct logins *logins,
		       struct slice user, uint64_t now);

/*
 * A session wants a maildrop to be opened, now (ms): tell it how long its user
 * must wait, and refuse him when he comes too soon. Returns true when the
 * session is answered so.
 */
bool policies_refuse(const struct policies *p, const struct logins *logins,
		     struct session *s, uint64_t now);

/* How long user must wait from one login to the next (s). */
unsigned policies_delay(const struct policies *p, struct slice user);

/* Tell a session. */
void policies_apply(const struct policies *p, struct session_config *config);

#endif
