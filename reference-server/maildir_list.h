/* SPDX-License-Identifier: MIT */
/*
 * The files of one Maildir: those of new/ and cur/ that were there at login,
 * found again when another program renames them (new to cur, or other flags),
 * never mistaken for another file. Whoever owns the Maildir may put anything
 * there: symbolic links, FIFOs, folders and devices are not messages, are not
 * followed, and do not block.
 */
#ifndef POP3_MAILDIR_LIST_H
#define POP3_MAILDIR_LIST_H

#include "bytes.h"
#include "error.h"
#include "maildir_index.h"

#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

enum maildir_folder { MAILDIR_NEW, MAILDIR_CUR, MAILDIR_FOLDERS };

struct maildir_file {
	char *name;	     /* owned; another one after a rename */
	struct slice unique; /* the part of name that stays */
	uint64_t time;	     /* maildir_time() of it */
	enum maildir_folder folder;
	unsigned been; /* seen there: 1 << folder, or-ed */
	bool asked;	 /* what follows is what the disk said at login; else
			    device and inode are what its folder said */
	bool removed;	 /* by maildir_list_unlink() */
	unsigned missed; /* by so many walks, the last ones */
	dev_t device;
	ino_t inode;
	struct timespec modified;
	uint64_t stored; /* octets in the file */
	uint64_t sent;	 /* octets on the wire, as crlf.h makes them */
	bool measured;	 /* sent is known */
	bool steady;	 /* and it did not change while it was read */
};

struct maildir_list {
	int folders[MAILDIR_FOLDERS]; /* descriptors, the caller's */
	struct maildir_file *files;   /* message-number n is files[n - 1] */
	size_t count, room;
	time_t now;   /* at login, by the caller */
};

/*
 * A file may change twice within the grain of its times, and look as it did.
 * Who is younger than this, in seconds, is not relied upon.
 */
#define MAILDIR_GRAIN 2

/* What it took to know the sizes. */
struct maildir_measured {
	size_t files;	 /* that were read */
	uint64_t octets; /* in them */
	size_t stale;	 /* entries of the index that nothing belongs to */
};

/*
 * Fill l, whose folders are open, with what is in them, and with the sizes that
 * index (maildir_index.h; any octets) has of them; the other files are read.
 * The order is that of the time with which names begin, then of
 * the names, so a file keeps its place when it is renamed. Returns 0, or -1
 * and e when a folder or a message cannot be read. maildir_list_free() in
 * either case.
 *
 * Of files that share a unique name, which a sound Maildir does not have, the
 * one in cur/ keeps it, or else the oldest: nobody noted which was there first.
 * The others are given one of their own on disk that no file had before, so
 * that no unique-id changes, or becomes another message's, when one of them
 * goes (RFC 1939 section 7, UIDL). Where that cannot be done (a full disk, no
 * right to rename) they still share it here, the one that keeps it first; they
 * have other unique-ids as long as they share it, and it is not removed here
 * before they are. Of a name that another program removes and delivers anew
 * nothing is known.
 */
int maildir_list_read(struct maildir_list *l, struct slice index,
		      struct maildir_measured *measured, struct error *e);
void maildir_list_free(struct maildir_list *l); /* leaves folders open */

/*
 * Look at the folders again for files that were renamed, and for those that
 * are gone; new ones are left out. Returns 0, or -1 when a folder cannot be
 * read.
 */
int maildir_list_refresh(struct maildir_list *l);

/*
 * True when file i was removed, or is not there: a file that is renamed while
 * its folder is read may be missed, but hardly five times in succession.
 */
bool maildir_list_gone(const struct maildir_list *l, size_t i);

/*
 * Open file i under the name that l knows, which takes no walk. Returns a
 * descriptor that never blocks on open and reads the file that was there at
 * login, unchanged in size and time; or -1, and *moved tells whether it may be
 * elsewhere by now.
 */
int maildir_list_open(struct maildir_list *l, size_t i, bool *moved);

/* The same, wherever it is now; walks both folders when it must. -1 and e. */
int maildir_list_find(struct maildir_list *l, size_t i, struct error *e);

/*
 * Remove file i if it still has the name that l knows, and is what it was at
 * login. Returns 0 when it is removed, -1 when it is not, when it had a
 * second name, or has another one by now: refresh. Then e, which may not be
 * NULL, says why. Neither is it removed while
 * another file would be left with its unique name, and so with its unique-id;
 * that may be removed by the same round.
 */
int maildir_list_unlink(struct maildir_list *l, size_t i, struct error *e);

/*
 * Returns owned the unique-id of file i, or NULL without memory: of the unique
 * name, and of inode and time of modification too where a file before has the
 * same.
 */
char *maildir_list_unique_id(const struct maildir_list *l, size_t i);

#endif
