/* SPDX-License-Identifier: MIT */
/*
 * A stage whose server is the reference server in this process: sessions, the
 * memory store, a virtual clock. What is seen on it is seen the same way each
 * time.
 */
#ifndef SELFTEST_RIG_H
#define SELFTEST_RIG_H

#include "abilities.h"
#include "play.h"
#include "switches.h"
#include "wire_memory.h"

#define RIG_BUDGET 20000000u /* steps of one scenario before it is a hang */

struct rig {
	struct stage stage; /* first: the stage's operations find the rig by it */
	struct memory_net net;
	struct maildrop_store *store;
	struct switches switches;
	const char *host;      /* NULL: "mail.example" */
	const char *timestamp; /* NULL: another for each connection */
	unsigned connections;  /* made so far */
	char earlier[64];      /* the timestamp of the last */
	uint64_t autologout;   /* ms */
	bool no_apop;	       /* nor has the account a secret */
	struct account account; /* another is taken for traits it has not */
	struct abilities abilities;
	bool learnt;           /* abilities are known */
	uint64_t budget;       /* steps of a play: RIG_BUDGET */
	/* Who stands between a session, which it takes, and its wire; or NULL. */
	struct peer *(*between)(struct rig *r, struct peer *session);
};

/* All that rig_play needs besides; borrows registry. */
void rig_open(struct rig *r, const struct registry *registry,
	      const struct switches *switches);
void rig_close(struct rig *r);

/* Fill the account's maildrop with f (NULL: nothing), as it was never filled. */
int rig_fill(struct rig *r, const struct fixture *f, struct error *e);

/*
 * Play s with its fixture f (NULL when it has none) on a fresh store. What is
 * skipped becomes a SKIP.
 */
void rig_play(struct rig *r, const struct scenario *s,
	      const struct fixture *f, struct findings *out);

#endif
