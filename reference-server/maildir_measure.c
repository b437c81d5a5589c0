/* SPDX-License-Identifier: MIT */
/*
 * How many octets RETR will send of each file (RFC 1939 section 11: line ends
 * count as CRLF). Only reading tells, or an index of what was read before.
 */
#include "maildir_files.h"

#include "crlf.h"
#include "maildir_index.h"
#include "maildir_name.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIECE 32768

/*
 * Programs that read mail may rename files while they are measured. One look
 * finds whoever does not move just then; a second one tells who is gone from
 * who moved back, unless there is so much moving that somebody else was found.
 */
#define ROUNDS 8
#define IN_VAIN 2

static bool is_entry_of(const struct index_entry *entry,
			const struct maildir_file *f)
{
	return entry->inode == f->inode && entry->stored == f->stored &&
	       entry->modified.tv_sec == f->modified.tv_sec &&
	       entry->modified.tv_nsec == f->modified.tv_nsec;
}

/* Both stand in the same order. Returns how many entries served. */
static size_t take_sizes(struct maildir_list *l, struct index_reader r)
{
	struct index_entry entry;
	bool more = index_next(&r, &entry);
	size_t i = 0, taken = 0;

	while (more && i < l->count) {
		struct maildir_file *f = &l->files[i];
		int order = maildir_compare(entry.name, f->unique);

		if (order == 0 && f->asked && is_entry_of(&entry, f)) {
			f->sent = entry.sent;
			f->measured = f->steady = true;
			taken++;
		}
		if (order < 0)
			more = index_next(&r, &entry);
		else
			i++;
	}
	return taken;
}

static int read_through(int fd, struct maildir_file *f)
{
	struct crlf c = CRLF_START;
	char piece[PIECE];
	ssize_t got;

	f->stored = f->sent = 0;
	while ((got = read(fd, piece, sizeof(piece))) > 0) {
		f->stored += (uint64_t)got;
		f->sent += crlf_size(&c, slice_of(piece, (size_t)got));
	}
	f->sent += crlf_missing_end(&c);
	return got < 0 ? -1 : 0;
}

static int measure_open_file(int fd, struct maildir_file *f)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return -1;
	if (!files_same(f, &st)) {
		errno = ENOENT;
		return -1;
	}
	f->modified = st.st_mtim;
	if (read_through(fd, f) != 0 || fstat(fd, &st) != 0)
		return -1;
	f->measured = true;
	f->steady = files_unchanged(f, &st);
	return 0;
}

static int measure(const struct maildir_list *l, struct maildir_file *f,
		   struct maildir_measured *measured)
{
	int fd = files_open(l, f);
	int failed = fd < 0 ? -1 : measure_open_file(fd, f);
	int reason = errno;

	if (fd >= 0)
		close(fd);
	if (!failed) {
		measured->files++;
		measured->octets += f->stored;
	}
	errno = reason;
	return failed;
}

/* Renamed or removed meanwhile, or it gave way to a link or a socket. */
static bool is_elsewhere(int reason)
{
	return reason == ENOENT || reason == ELOOP || reason == ENXIO;
}

/* Returns how many are elsewhere, or -1 and e. */
static long measure_all(struct maildir_list *l,
			struct maildir_measured *measured, struct error *e)
{
	long elsewhere = 0;

	for (size_t i = 0; i < l->count; i++) {
		struct maildir_file *f = &l->files[i];

		if (f->measured || maildir_list_gone(l, i) ||
		    measure(l, f, measured) == 0)
			continue;
		if (!is_elsewhere(errno))
			return error_because(e, errno, "%s/%s: %s",
					     files_folder(f->folder), f->name,
					     strerror(errno));
		elsewhere++;
	}
	return elsewhere;
}

static void drop_unmeasured(struct maildir_list *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->count; i++) {
		if (l->files[i].measured)
			l->files[kept++] = l->files[i];
		else
			free(l->files[i].name);
	}
	l->count = kept;
}

static size_t count_unmeasured(const struct maildir_list *l)
{
	size_t count = 0;

	for (size_t i = 0; i < l->count; i++)
		count += !l->files[i].measured;
	return count;
}

/* Names and all are lost's until give_back(). */
static int take_lost(const struct maildir_list *l, struct maildir_list *lost,
		     struct error *e)
{
	*lost = (struct maildir_list){ 0 };
	memcpy(lost->folders, l->folders, sizeof(lost->folders));
	lost->files = calloc(count_unmeasured(l) + 1, sizeof(*lost->files));
	if (!lost->files)
		return error_because(e, ENOMEM, "out of memory");
	for (size_t i = 0; i < l->count; i++)
		if (!l->files[i].measured)
			lost->files[lost->count++] = l->files[i];
	return 0;
}

static void give_back(struct maildir_list *l, struct maildir_list *lost)
{
	size_t next = 0;

	for (size_t i = 0; i < l->count; i++)
		if (!l->files[i].measured)
			l->files[i] = lost->files[next++];
	free(lost->files);
}

/* The last look did, whether or not it stayed there. */
static bool found_any(const struct maildir_list *lost)
{
	for (size_t i = 0; i < lost->count; i++)
		if (!lost->files[i].measured && lost->files[i].missed == 0)
			return true;
	return false;
}

static int seek(struct maildir_list *lost, struct maildir_measured *measured,
		struct error *e)
{
	long elsewhere = 1;
	int in_vain = 0;

	for (int i = 0; i < ROUNDS && elsewhere > 0 && in_vain < IN_VAIN; i++) {
		if (maildir_list_refresh(lost) != 0)
			return error_because(e, errno, "folder: %s",
					     strerror(errno));
		in_vain = found_any(lost) ? 0 : in_vain + 1;
		elsewhere = measure_all(lost, measured, e);
	}
	return elsewhere < 0 ? -1 : 0;
}

/* A list of their own, so that nobody else is asked again. */
static int seek_lost(struct maildir_list *l, struct maildir_measured *measured,
		     struct error *e)
{
	struct maildir_list lost;
	int failed;

	if (take_lost(l, &lost, e) != 0)
		return -1;
	failed = seek(&lost, measured, e);
	give_back(l, &lost);
	return failed;
}

int files_measure(struct maildir_list *l, const struct index_reader *index,
		  struct maildir_measured *measured, struct error *e)
{
	long elsewhere;

	*measured = (struct maildir_measured){
		.stale = index->entries - take_sizes(l, *index),
	};
	elsewhere = measure_all(l, measured, e);
	if (elsewhere < 0 ||
	    (elsewhere > 0 && seek_lost(l, measured, e) != 0))
		return -1;
	drop_unmeasured(l);
	return 0;
}
