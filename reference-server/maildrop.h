/* SPDX-License-Identifier: MIT */
/*
 * A maildrop as a session sees it: numbered messages whose sizes and
 * unique-ids were noted when it was opened (RFC 1939 section 4), and that do
 * not change until it is closed. Deletion marks are not here: they belong to
 * the session, so that a dropped connection cannot keep them.
 *
 * A store makes maildrops: store_memory.h for tests, store_maildir.h for files.
 */
#ifndef POP3_MAILDROP_H
#define POP3_MAILDROP_H

#include "bytes.h"
#include "error.h"

#include <stdint.h>

struct message {
	/*
	 * Octets as RETR sends them: each line end counts as CRLF, and so does
	 * the one that RETR puts behind a last line that has none; byte-stuffing
	 * and the termination octet do not count (RFC 1939 section 11).
	 */
	uint64_t size;
	bool was_marked; /* by a session before, in a defective store */
	char *unique_id; /* 1 to 70 of 0x21 to 0x7e (section 7, UIDL); the
			    maildrop's, until it is closed */
};

/* For who reads a log: a message that could not be removed, and why. */
struct unremoved {
	char name[264]; /* in the place of the maildrop; any octets, and a NUL */
	struct error why;
};

struct maildrop {
	const struct maildrop_ops *ops;
	struct message *messages; /* message-number n is messages[n - 1] */
	size_t count;
	const bool *marks_left; /* when it is closed without an UPDATE; a
				   defective store may keep them */
	const struct unremoved *left; /* the first of those that remove() left
					 last; NULL: the store does not tell */
	bool lock_stays; /* close does not release the lock: a defect */
	bool taken;      /* by a newer session, in an odd store: this one is
			    to end, and removes nothing */
};

struct maildrop_ops {
	/*
	 * Start to read message i (0 is the first) from its first octet. One
	 * message is read at a time. Takes no longer than to open a file.
	 * Returns 0; MAILDROP_MOVED when it is not where it was, and find()
	 * may know more; or -1 and e.
	 */
	int (*rewind)(struct maildrop *m, size_t i, struct error *e);
	/*
	 * The same, but looks for the message everywhere, which may take long.
	 * Returns 0, or -1 and e. NULL: messages of this store never move.
	 */
	int (*find)(struct maildrop *m, size_t i, struct error *e);
	/*
	 * The next octets of that message, at most room of them: as they go on
	 * the wire, with every line end as CRLF, but not byte-stuffed. Returns
	 * how many, 0 at the end, -1 and e when the message cannot be read.
	 */
	long (*read)(struct maildrop *m, char *to, size_t room,
		     struct error *e);
	/*
	 * Nothing more of that message is read: give back what it takes to do
	 * so. NULL: that is nothing.
	 */
	void (*stop)(struct maildrop *m);
	/*
	 * Remove the messages with marked[i], and no other (RFC 1939 section 6).
	 * Returns how many of them are still there; 0 is success.
	 */
	size_t (*remove)(struct maildrop *m, const bool *marked);
	/* Release the exclusive-access lock; frees m. */
	void (*close)(struct maildrop *m);
};

#define MAILDROP_MOVED 1

enum maildrop_opened {
	MAILDROP_OPENED,
	MAILDROP_IN_USE, /* another session holds the lock */
	MAILDROP_BROKEN, /* cannot be read until somebody mends it; e says why */
	MAILDROP_BUSY,	 /* cannot be read for the moment; e says why */
	MAILDROP_TOO_SOON, /* not asked for: its user just logged in */
};

struct maildrop_store {
	uint64_t now; /* ms, by the shell, for odd stores that have a clock */
	const char *place; /* for who reads a log: place/user is a maildrop;
			      NULL: not on a disk */
	/*
	 * Lock and list the maildrop of user, a name that came from the network.
	 * On MAILDROP_OPENED *m is owned by the caller (close gives it back).
	 */
	enum maildrop_opened (*open)(struct maildrop_store *s,
				     struct slice user, struct maildrop **m,
				     struct error *e);
	void (*free)(struct maildrop_store *s);
};

#endif
