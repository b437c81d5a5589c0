/* SPDX-License-Identifier: MIT */
#include "maildir_index.h"

#include "maildir_name.h"

#include <endian.h>
#include <string.h>

#define HEAD "pop3spec index 3\n"
#define NUMBERS (4 * 8 + 4) /* octets behind a name */
#define SUM_OCTETS 8
#define STORED_MAX (UINT64_MAX / 4)
#define SECOND 1000000000u

/* It is to notice damage, not malice. */
static uint64_t checksum(struct slice octets)
{
	uint64_t sum = 14695981039346656037u;

	while (octets.len > 0) {
		struct slice eight = slice_first(octets, sizeof(uint64_t));
		uint64_t word = 0;

		memcpy(&word, eight.ptr, eight.len);
		sum = (sum ^ le64toh(word)) * 1099511628211u;
		octets = slice_from(octets, eight.len);
	}
	return sum;
}

static uint64_t take_number(struct slice *from, size_t octets)
{
	uint64_t n = 0;

	for (size_t i = octets; i-- > 0;)
		n = n << 8 | slice_at(*from, i);
	*from = slice_from(*from, octets);
	return n;
}

static void add_number(struct buf *b, uint64_t n, size_t octets)
{
	for (; octets > 0; octets--, n >>= 8)
		buf_add_char(b, (char)(n & 0xff));
}

static bool name_allowed(struct slice name)
{
	return name.len >= 1 && name.len <= UINT8_MAX && name.ptr[0] != '.' &&
	       slice_find(name, '/') == name.len &&
	       slice_find(name, ':') == name.len &&
	       slice_find(name, '\0') == name.len;
}

static bool sizes_allowed(uint64_t stored, uint64_t sent)
{
	return stored <= STORED_MAX && sent >= stored &&
	       sent <= 2 * stored + 2 && (stored > 0 || sent == 0);
}

bool index_entry_allowed(const struct index_entry *entry)
{
	return name_allowed(entry->name) &&
	       sizes_allowed(entry->stored, entry->sent) &&
	       entry->modified.tv_nsec >= 0 &&
	       entry->modified.tv_nsec < (long)SECOND;
}

static struct timespec take_time(struct slice *from)
{
	struct timespec t;

	t.tv_sec = (time_t)take_number(from, 8);
	t.tv_nsec = (long)take_number(from, 4);
	return t;
}

static void add_time(struct buf *b, struct timespec t)
{
	add_number(b, (uint64_t)t.tv_sec, 8);
	add_number(b, (uint64_t)t.tv_nsec, 4);
}

/* Returns false at the end, or when the entry is not whole. */
bool index_next(struct index_reader *r, struct index_entry *entry)
{
	size_t len = r->left.len > 0 ? slice_at(r->left, 0) : 0;

	if (len == 0 || r->left.len < 1 + len + NUMBERS)
		return false;
	entry->name = slice_first(slice_from(r->left, 1), len);
	r->left = slice_from(r->left, 1 + len);
	entry->inode = take_number(&r->left, 8);
	entry->stored = take_number(&r->left, 8);
	entry->sent = take_number(&r->left, 8);
	entry->modified = take_time(&r->left);
	return true;
}

/* Counts the entries of r. */
static int look_through(struct index_reader *counted, struct error *e)
{
	struct index_reader r = *counted;
	struct slice before = slice_str(NULL);
	struct index_entry entry;

	while (index_next(&r, &entry)) {
		if (!index_entry_allowed(&entry))
			return error_set(e, "an entry that no file can have");
		if (before.len > 0 && maildir_compare(before, entry.name) >= 0)
			return error_set(e, "entries out of order");
		before = entry.name;
		counted->entries++;
	}
	if (r.left.len != 1 || r.left.ptr[0] != 0)
		return error_set(e, "an entry that is not whole");
	return 0;
}

int index_read(struct index_reader *r, struct slice octets, struct error *e)
{
	size_t summed = octets.len > SUM_OCTETS ? octets.len - SUM_OCTETS : 0;
	struct slice body = slice_first(octets, summed);
	struct slice sum = slice_from(octets, summed);
	struct index_reader all = { slice_from(body, strlen(HEAD)), 0 };

	*r = (struct index_reader){ 0 };
	if (!slice_starts(body, HEAD))
		return error_set(e, "not an index of this version");
	if (take_number(&sum, SUM_OCTETS) != checksum(body))
		return error_set(e, "damaged: the checksum is another");
	if (look_through(&all, e) != 0)
		return -1;
	*r = all;
	return 0;
}

void index_begin(struct buf *b)
{
	buf_add_str(b, HEAD);
}

void index_add(struct buf *b, const struct index_entry *entry)
{
	add_number(b, entry->name.len, 1);
	buf_add(b, entry->name);
	add_number(b, entry->inode, 8);
	add_number(b, entry->stored, 8);
	add_number(b, entry->sent, 8);
	add_time(b, entry->modified);
}

void index_end(struct buf *b)
{
	add_number(b, 0, 1);
	add_number(b, checksum(buf_slice(b)), SUM_OCTETS);
}
