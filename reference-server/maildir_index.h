/* SPDX-License-Identifier: MIT */
/*
 * The index of a Maildir: what messages are as RETR sends them, noted by the
 * login that read them, so that the next need not. No message is known by it
 * alone: an entry counts for the file that has its name, inode, size and time
 * of modification, which each login asks the disk for, and for no other. Who
 * changes a file where it stands, leaves its size, and sets that time back is
 * not seen until the message is read. Unique-ids are not in it: they are made of
 * the names (maildir_name.h), so there is nothing that could differ from them.
 *
 *	"pop3spec index 3" LF
 *	entry: name-length (1 octet, not 0), unique name, inode (8), octets
 *	       stored (8), octets sent (8), seconds (8), nanoseconds (4)
 *	0 (1 octet), checksum of all before (8)
 *
 * The checksum is FNV-1a with eight octets at a time for one; zeros fill up the
 * last.
 * Numbers have their lowest octet first. Entries stand in the order of
 * maildir_compare(), each name once.
 *
 * The octets may come from anybody. This reads and writes octets; the file is
 * maildir_index_file.h's.
 */
#ifndef POP3_MAILDIR_INDEX_H
#define POP3_MAILDIR_INDEX_H

#include "bytes.h"
#include "error.h"

#include <stdint.h>
#include <time.h>

struct index_entry {
	struct slice name; /* 1 to 255 octets, a unique name; borrowed */
	uint64_t inode;
	uint64_t stored; /* octets in the file */
	uint64_t sent;	 /* octets on the wire, as crlf.h makes them */
	struct timespec modified;
};

struct index_reader {
	struct slice left; /* borrowed */
	size_t entries;    /* in all */
};

/*
 * Start to read an index, which is looked through: returns 0 when all of it is
 * what is written below, else -1 and e, and r has no entries. Borrows octets
 * until r is done with.
 */
int index_read(struct index_reader *r, struct slice octets, struct error *e);

/* The next entry. Returns false at the end. */
bool index_next(struct index_reader *r, struct index_entry *entry);

/*
 * True when an entry may be written: a name that a file of a Maildir can have,
 * sizes that belong together (crlf.h adds one octet a line at most, and two at
 * the end), nanoseconds below a second.
 */
bool index_entry_allowed(const struct index_entry *entry);

/* Write an index to b: begin, add entries in order, end. b remembers failure.
 */
void index_begin(struct buf *b);
void index_add(struct buf *b, const struct index_entry *entry);
void index_end(struct buf *b);

#endif
