/* SPDX-License-Identifier: MIT */
/*
 * Filling maildrops. A maildrop is somebody's mail until proven otherwise: what
 * we did not put there is never removed.
 */
#ifndef HARNESS_PROVISION_H
#define HARNESS_PROVISION_H

#include "fixture.h"
#include "target.h"

struct provisioner {
	const struct provisioner_ops *ops;
	bool can_deliver;
};

/* Each but free returns 0, or -1 and e. One thread at a time. */
struct provisioner_ops {
	/*
	 * f is one of our fixtures: its messages may be removed where an
	 * earlier run left them. Borrows f for the call.
	 */
	int (*know)(struct provisioner *p, const struct fixture *f,
		    struct error *e);
	/*
	 * Keep other runs away from the maildrop of user until free: -1 and e
	 * when one has it. Where the file system knows no locks nobody is kept
	 * away.
	 */
	int (*hold)(struct provisioner *p, const char *user, struct error *e);
	/*
	 * Whether the maildrop of user can be filled: it is there, we may
	 * write, and it holds nothing but messages of ours. Changes nothing.
	 */
	int (*check)(struct provisioner *p, const char *user, struct error *e);
	/*
	 * Empty the maildrop of user. When it holds a message that is not ours,
	 * nothing is removed: "mail/alice: holds 3 messages that pop3spec did
	 * not put there". Ours are those that this provisioner put, and those
	 * that carry our mark and equal a message of a known fixture.
	 */
	int (*clear)(struct provisioner *p, const char *user, struct error *e);
	/* Add the messages of f, in their order. */
	int (*put)(struct provisioner *p, const char *user,
		   const struct fixture *f, struct error *e);
	/* Add one message, while sessions may be open: if it can_deliver. */
	int (*deliver)(struct provisioner *p, const char *user,
		       const struct fixture_message *m, struct error *e);
	void (*free)(struct provisioner *p);
};

/*
 * The provisioner that target names; it copies what it needs. Returns owned
 * (ops->free), or NULL and e: the target names none, so that its maildrops are
 * only looked at.
 */
struct provisioner *provision_open(const struct target *t, struct error *e);

/*
 * For Maildirs (new, cur and tmp below pattern, in which {user} stands for the
 * name of the user). A user whose name would lead out of the pattern's
 * directory is refused. Each message is written under a name that was never
 * used before, in tmp, with the owner and the mode of new, and then renamed
 * into new. Each line end becomes what line_ends says: the message is the same.
 */
struct provisioner *provision_maildir(const char *pattern,
				      enum line_ends line_ends,
				      struct error *e);

#endif
