/* SPDX-License-Identifier: MIT */
/*
 * The index of a Maildir, which whoever owns the maildrop may have written. The
 * first octet says what follows: 0 all of an index; 1 its entries, to which
 * head and checksum are added, so that what is behind the checksum is reached;
 * 2 what entries are made of, that are written and read again.
 */
#include "fuzz.h"
#include "maildir_index.h"
#include "maildir_name.h"

#include <stdlib.h>
#include <string.h>

enum form { WHOLE, ENTRIES, WRITTEN, FORMS };

/* What stands in maildir_index.h, written down here once more. */
static bool can_be_a_name(struct slice name)
{
	return name.len >= 1 && name.len <= 255 && name.ptr[0] != '.' &&
	       !memchr(name.ptr, '/', name.len) &&
	       !memchr(name.ptr, ':', name.len) &&
	       !memchr(name.ptr, '\0', name.len);
}

/* Each octet stored may be a line end, and the last line may lack one. */
static bool can_be_sizes(uint64_t stored, uint64_t sent)
{
	return sent >= stored && sent - stored <= stored + 2;
}

static void check_entry(const struct index_entry *x, struct slice before)
{
	fuzz_holds(can_be_a_name(x->name), "a name is one that a file can have",
		   x->name);
	fuzz_holds(can_be_sizes(x->stored, x->sent), "sizes belong together",
		   x->name);
	fuzz_holds(x->modified.tv_nsec >= 0 && x->modified.tv_nsec < 1000000000,
		   "a second has nanoseconds", x->name);
	fuzz_holds(!before.len || maildir_compare(before, x->name) < 0,
		   "entries stand in order", x->name);
}

static void check_accepted(struct index_reader *r, struct slice octets)
{
	struct slice before = { 0 };
	struct index_entry x;
	struct buf again = { 0 };

	index_begin(&again);
	while (index_next(r, &x)) {
		check_entry(&x, before);
		index_add(&again, &x);
		before = x.name;
	}
	index_end(&again);
	if (again.failed)
		abort();
	fuzz_equal(buf_slice(&again), octets,
		   "what is read is written the same");
	buf_free(&again);
}

static void check_index(struct slice octets)
{
	struct error e = { 0 };
	struct index_reader r;
	struct index_entry x;

	if (!index_read(&r, octets, &e)) {
		check_accepted(&r, octets);
		return;
	}
	fuzz_holds(e.text[0], "an index that is refused says why", octets);
	fuzz_holds(!index_next(&r, &x), "a refused index has no entries",
		   octets);
}

static void check_entries(struct slice octets)
{
	struct buf whole = { 0 };

	index_begin(&whole);
	buf_add(&whole, octets);
	index_end(&whole);
	if (whole.failed)
		abort();
	check_index(buf_slice(&whole));
	buf_free(&whole);
}

static uint64_t number(struct input *in)
{
	uint64_t n = 0;

	for (int i = input_octet(in) % 9; i > 0; i--)
		n = n << 8 | input_octet(in);
	return n;
}

static struct index_entry entry(struct input *in)
{
	struct index_entry x = { .name = input_take(in, input_octet(in)) };

	x.inode = number(in);
	x.stored = number(in);
	x.sent = x.stored + number(in);
	x.modified.tv_sec = (time_t)number(in);
	x.modified.tv_nsec = (long)(number(in) % UINT32_MAX);
	return x;
}

static void check_same(const struct index_entry *got,
		       const struct index_entry *x)
{
	bool same = slice_equal(got->name, x->name) && got->inode == x->inode &&
		    got->stored == x->stored && got->sent == x->sent &&
		    got->modified.tv_sec == x->modified.tv_sec &&
		    got->modified.tv_nsec == x->modified.tv_nsec;

	fuzz_holds(same, "an entry is read as it was written", x->name);
}

#define KEPT 64

/* Fills list with what may be written, in order. Returns how many. */
static size_t take_entries(struct input *in, struct index_entry list[KEPT])
{
	size_t count = 0;

	while (in->left.len && count < KEPT) {
		struct index_entry x = entry(in);

		if (index_entry_allowed(&x) &&
		    (!count ||
		     maildir_compare(list[count - 1].name, x.name) < 0))
			list[count++] = x;
	}
	return count;
}

static void check_written(struct slice octets)
{
	struct input in = { octets };
	struct index_entry list[KEPT], got;
	size_t count = take_entries(&in, list);
	struct index_reader r;
	struct buf b = { 0 };

	index_begin(&b);
	for (size_t i = 0; i < count; i++)
		index_add(&b, &list[i]);
	index_end(&b);
	if (b.failed)
		abort();
	fuzz_holds(!index_read(&r, buf_slice(&b), NULL),
		   "what may be written is read", buf_slice(&b));
	for (size_t i = 0; i < count; i++)
		if (index_next(&r, &got))
			check_same(&got, &list[i]);
	buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	struct input in = { slice_of(octets, count) };

	switch (input_octet(&in) % FORMS) {
	case WHOLE:
		check_index(in.left);
		break;
	case ENTRIES:
		check_entries(in.left);
		break;
	case WRITTEN:
		check_written(in.left);
		break;
	}
	return 0;
}
