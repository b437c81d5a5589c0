/* SPDX-License-Identifier: MIT */
/* The index as octets: what is written is read, and nothing else is. */
#include "maildir_index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ENTRIES 3

static struct index_entry entry(const char *name, uint64_t stored,
				uint64_t sent)
{
	return (struct index_entry){
		.name = slice_str(name),
		.inode = UINT64_MAX - stored,
		.stored = stored,
		.sent = sent,
		.modified = { -7, 999999999 },
	};
}

static struct buf index_of(const struct index_entry *entries, size_t count)
{
	struct buf b = { 0 };

	index_begin(&b);
	for (size_t i = 0; i < count; i++)
		index_add(&b, &entries[i]);
	index_end(&b);
	assert_false(b.failed);
	return b;
}

static struct buf three(struct index_entry entries[ENTRIES])
{
	entries[0] = entry("9.a\xff", 0, 0);
	entries[1] = entry("10.b", 1, 4);
	entries[2] = entry("10.c", UINT64_MAX / 4, UINT64_MAX / 2);
	return index_of(entries, ENTRIES);
}

static void what_is_written_is_read(void **state)
{
	struct index_entry entries[ENTRIES], got;
	struct buf b = three(entries);
	struct index_reader r;

	(void)state;
	assert_int_equal(index_read(&r, buf_slice(&b), NULL), 0);
	assert_int_equal(r.entries, ENTRIES);
	for (size_t i = 0; i < ENTRIES; i++) {
		assert_true(index_next(&r, &got));
		assert_true(slice_equal(got.name, entries[i].name));
		assert_true(got.inode == entries[i].inode);
		assert_true(got.stored == entries[i].stored);
		assert_true(got.sent == entries[i].sent);
		assert_int_equal(got.modified.tv_sec, -7);
		assert_int_equal(got.modified.tv_nsec, 999999999);
	}
	assert_false(index_next(&r, &got));
	buf_free(&b);
}

static void assert_refused(struct slice octets, const char *why)
{
	char *copy = malloc(octets.len + !octets.len); /* for the sanitizer */
	struct index_entry got;
	struct index_reader r;
	struct error e = { 0 };

	assert_non_null(copy);
	if (octets.len > 0)
		memcpy(copy, octets.ptr, octets.len);
	assert_int_equal(index_read(&r, slice_of(copy, octets.len), &e), -1);
	assert_false(index_next(&r, &got));
	assert_int_equal(r.entries, 0);
	assert_non_null(strstr(e.text, why));
	free(copy);
}

static void whatever_is_cut_or_changed_is_refused(void **state)
{
	struct index_entry entries[ENTRIES];
	struct buf b = three(entries);

	(void)state;
	for (size_t len = 0; len < b.len; len++)
		assert_refused(slice_of(b.ptr, len), "");
	for (size_t i = 0; i < b.len; i++) {
		b.ptr[i] ^= 1;
		assert_refused(buf_slice(&b), i < 17 ? "version" : "damaged");
		b.ptr[i] ^= 1;
	}
	buf_add_char(&b, '\0');
	assert_refused(buf_slice(&b), "damaged");
	buf_free(&b);
}

static void refuse(struct index_entry first, struct index_entry second,
		   const char *why)
{
	const struct index_entry both[] = { first, second };
	struct buf b = index_of(both, 2);

	assert_refused(buf_slice(&b), why);
	buf_free(&b);
}

/* The checksum is right: somebody wrote it on purpose. */
static void what_no_file_can_have_is_refused(void **state)
{
	static const char *const names[] = { ".a", "a/b", "../a", "a:2,S" };
	const struct index_entry good = entry("2.b", 3, 4);
	struct index_entry bad = entry("3.c", 3, 4);

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		refuse(entry(names[i], 1, 1), good, "no file can have");
	refuse(entry("1.a", 3, 2), good, "no file can have");
	refuse(entry("1.a", 3, 9), good, "no file can have");
	refuse(entry("1.a", 0, 2), good, "no file can have");
	refuse(entry("1.a", UINT64_MAX, 1), good, "no file can have");
	bad.modified.tv_nsec = 1000000000;
	refuse(good, bad, "no file can have");
	bad = entry("3.c", 3, 4);
	bad.name = slice_of("3\0c", 3);
	refuse(good, bad, "no file can have");
	refuse(good, good, "out of order");
	refuse(good, entry("1.a", 3, 4), "out of order");
}

static void an_entry_that_is_not_whole_is_refused(void **state)
{
	struct buf b = { 0 };

	(void)state;
	index_begin(&b);
	buf_add_str(&b, "\377name");
	index_end(&b);
	assert_refused(buf_slice(&b), "not whole");
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(whatever_is_cut_or_changed_is_refused),
		cmocka_unit_test(what_no_file_can_have_is_refused),
		cmocka_unit_test(an_entry_that_is_not_whole_is_refused),
	};

	return cmocka_run_group_tests_name("maildir_index", tests, NULL, NULL);
}
