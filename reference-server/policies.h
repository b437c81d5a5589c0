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
		struct slice user; /* borrowed from the option */
		unsigned delay;
	} delays[POLICIES_USERS];
	size_t delay_count;
	unsigned expire_days; /* 0: mail stays for ever */
	bool implementation_is_late;
	bool legacy_last;
	enum language language;
};

/* The options that are policies, as --help tells of them. */
#define POLICIES_USAGE                                                         \
	"  --login-delay S     a user may log in again after S seconds; 0: at\n"   \
	"                      once (0)\n"                                         \
	"  --login-delay U=S   the same for user U alone\n"                        \
	"  --expire DAYS       CAPA says that mail stays for so long; who deletes\n" \
	"                      it then is not this server (for ever)\n"            \
	"  --late-implementation\n"                                                \
	"                      CAPA names this server after the login only\n"      \
	"  --language TAG      en or de: what LANG * chooses (en)\n"               \
	"  --last              the command LAST, for clients of RFC 1460\n"

/*
 * Read option, without its hyphens, with value, which is NULL where it has none
 * and must outlive p. Returns 0, or -1 and e.
 */
int policies_read(struct policies *p, const char *option, const char *value,
		  struct error *e);

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
