/* SPDX-License-Identifier: MIT */
#include "samples.h"

#include "bytes.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static int replay_to(const char *journal, const char *format, const char *path,
		     struct error *e)
{
	struct report *r = report_open(format, path, e);
	int failed;

	assert_non_null(r);
	failed = report_replay(journal, r, e);
	r->ops->free(r);
	return failed;
}

static void assert_same_from_journal(void **state, const struct sample *s,
				     const char *format, const char *suffix)
{
	char *journal = folder_path(state, "r.jsonl");
	char *path = folder_path(state, "replayed");
	struct error e = { 0 };
	char name[64];

	sample_report(s, "jsonl", journal);
	assert_int_equal(replay_to(journal, format, path, &e), 0);
	snprintf(name, sizeof(name), "%s.%s", s->name, suffix);
	assert_golden(path, name);
	free(path);
	free(journal);
}

static void a_replay_equals_the_report_of_the_run(void **state)
{
	assert_same_from_journal(state, &sample_clean, "text", "txt");
	assert_same_from_journal(state, &sample_breaches, "text", "txt");
	assert_same_from_journal(state, &sample_clean, "json", "json");
	assert_same_from_journal(state, &sample_breaches, "json", "json");
	assert_same_from_journal(state, &sample_hostile, "json", "json");
	assert_same_from_journal(state, &sample_breaches, "jsonl",
				 "jsonl");
	assert_same_from_journal(state, &sample_breaches, "junit", "xml");
}

/* Written before there was a look_only in its head, a log or a run. */
static void a_journal_without_keys_that_came_later_is_read(void **state)
{
	char *path = folder_path(state, "first.json");
	struct error e = { 0 };

	assert_int_equal(replay_to("reports/golden/first.jsonl", "json", path,
				   &e), 0);
	assert_golden(path, "first.json");
	free(path);
}

static void a_journal_may_be_replayed_onto_itself(void **state)
{
	char *journal = folder_path(state, "r.jsonl");
	struct error e = { 0 };

	sample_report(&sample_breaches, "jsonl", journal);
	assert_int_equal(replay_to(journal, "jsonl", journal, &e), 0);
	assert_golden(journal, "breaches.jsonl");
	free(journal);
}

/* What a run leaves that was killed before its summary, or within a line. */
static char *cut_journal(void **state, size_t lines, size_t octets)
{
	char *journal = folder_path(state, "r.jsonl");
	char *text, *end;

	sample_report(&sample_breaches, "jsonl", journal);
	text = slurp(journal);
	assert_non_null(text);
	end = text;
	for (size_t i = 0; i < lines; i++)
		end = strchr(end, '\n') + 1;
	end[octets] = '\0';
	spill(journal, text);
	free(text);
	return journal;
}

static void a_killed_run_is_reported_and_says_so(void **state)
{
	char *path = folder_path(state, "r.txt");
	char *journal = cut_journal(state, 4, 30);
	struct error e = { 0 };

	assert_int_equal(replay_to(journal, "text", path, &e), 0);
	assert_golden(path, "cut.txt");
	free(journal);
	journal = cut_journal(state, 4, 0);
	assert_int_equal(replay_to(journal, "json", path, &e), 0);
	assert_golden(path, "cut.json");
	assert_int_equal(replay_to(journal, "junit", path, &e), 0);
	assert_golden(path, "cut.xml");
	free(journal);
	free(path);
}

static void a_journal_cut_anywhere_is_reported(void **state)
{
	char *journal = cut_journal(state, 3, 0);
	struct error e = { 0 };
	char *text = slurp(journal);
	size_t first = strcspn(text, "\n");

	for (size_t n = strlen(text); n > 0; n--) {
		assert_int_equal(truncate(journal, (off_t)n), 0);
		assert_int_equal(replay_to(journal, "text", "/dev/null", &e),
				 n >= first ? 0 : -1);
	}
	free(text);
	free(journal);
}

static void a_last_line_without_its_end_still_counts(void **state)
{
	char *journal = folder_path(state, "r.jsonl");
	char *path = folder_path(state, "r.txt");
	struct error e = { 0 };
	char *text;

	sample_report(&sample_clean, "jsonl", journal);
	text = slurp(journal);
	text[strlen(text) - 1] = '\0';
	spill(journal, text);
	assert_int_equal(replay_to(journal, "text", path, &e), 0);
	assert_golden(path, "clean.txt");
	free(text);
	free(path);
	free(journal);
}

/* The journal of a clean run in which old became new is refused, and why. */
static void assert_wrong(void **state, const char *old, const char *new,
			 const char *why)
{
	char *journal = folder_path(state, "r.jsonl");
	struct error e = { 0 };
	struct buf b = { 0 };
	char *text, *at;

	sample_report(&sample_clean, "jsonl", journal);
	text = slurp(journal);
	at = strstr(text, old);
	assert_non_null(at);
	buf_add(&b, slice_of(text, (size_t)(at - text)));
	buf_add_str(&b, new);
	buf_add_str(&b, at + strlen(old));
	spill(journal, buf_text(&b));
	assert_int_equal(replay_to(journal, "text", "/dev/null", &e), -1);
	assert_int_equal(strncmp(e.text, journal, strlen(journal)), 0);
	assert_string_equal(e.text + strlen(journal), why);
	buf_free(&b);
	free(text);
	free(journal);
}

static void a_wrong_line_is_named_with_its_place(void **state)
{
	assert_wrong(state, "{\"format\":1,", "{", ":1: /format: missing: "
						   "this is no journal");
	assert_wrong(state, "{\"format\":1,", "{\"format\":2,",
		     ":1: /format: 2 is not known, only 1 is");
	assert_wrong(state, "\"target\":{", "\"target\":{\"address\":7},\"x\":{",
		     ":1: /target/address: 7, not a string ");
	assert_wrong(state, "\"outcome\":\"PASS\"", "\"outcome\":\"\\u007f[2J\"",
		     ":2: /outcome: \"?[2J\", not an outcome, such as "
		     "\"PASS\" ");
	assert_wrong(state, "\"revision\":1,", "\"revision\":4294967296,",
		     ":2: /revision: 4294967296, not a whole number from 0 ");
	assert_wrong(state, "\"count\":1,", "\"count\":-1,",
		     ":2: /count: -1, not a whole number from 0 ");
	assert_wrong(state, "\"log\":\"\",", "\"log\":null,",
		     ":2: /log: null, not a string ");
	assert_wrong(state, "\"look_only\":false,", "\"look_only\":0,",
		     ":1: /look_only: 0, not true or false ");
	assert_wrong(state, "\"confirmed\":true,", "",
		     ":2: /confirmed: missing, not true or false ");
	assert_wrong(state, "\"transcript\":[]", "\"transcript\":[{}]",
		     ":2: /transcript/0/at: missing, not a whole number "
		     "from 0 ");
	assert_wrong(state, "\"transcript\":[]", "\"transcript\":{}",
		     ":2: /transcript: not an array");
	assert_wrong(state, "\"pass\":3", "\"pass\":4",
		     ":8: /summary: 4 times PASS, but the lines before say so "
		     "3 times");
	assert_wrong(state, "{\"summary\":", "[{\"summary\":",
		     ":8:387: ']' expected near end of file");
}

static void what_is_no_journal_is_refused(void **state)
{
	char *journal = folder_path(state, "r.jsonl");
	struct error e = { 0 };

	assert_int_equal(replay_to(journal, "text", "/dev/null", &e), -1);
	assert_non_null(strstr(e.text, "r.jsonl: cannot read: No such file"));
	spill(journal, "");
	assert_int_equal(replay_to(journal, "text", "/dev/null", &e), -1);
	assert_non_null(strstr(e.text, ":1: no whole line, nothing"));
	spill(journal, "[]\n");
	assert_int_equal(replay_to(journal, "text", "/dev/null", &e), -1);
	assert_non_null(strstr(e.text, "r.jsonl:1:1: not an object"));
	assert_int_equal(replay_to(*state, "text", "/dev/null", &e), -1);
	assert_non_null(strstr(e.text, "cannot read: Is a directory"));
	assert_int_equal(replay_to("/dev/zero", "text", "/dev/null", &e), -1);
	assert_string_equal(e.text, "/dev/zero:1: a line over 67108864 octets");
	free(journal);
}

static void a_writer_that_fails_is_named_not_the_journal(void **state)
{
	char *journal = folder_path(state, "r.jsonl");
	struct error e = { 0 };

	sample_report(&sample_clean, "jsonl", journal);
	assert_int_equal(replay_to(journal, "json", "/dev/full", &e), -1);
	assert_string_equal(e.text, "/dev/full: cannot write: "
				    "No space left on device");
	free(journal);
}

/* Under the sanitizers: whatever one octet becomes, nothing breaks. */
static void any_octet_may_be_any_other(void **state)
{
	static const char octets[] = "\"{}[],:\\\x1b\xff" "09-.e\n";
	char *journal = cut_journal(state, 3, 0);
	int file = open(journal, O_RDWR | O_CLOEXEC);
	struct error e = { 0 };
	char *text = slurp(journal);
	size_t length = strlen(text), refused = 0;

	assert_true(file >= 0);
	for (size_t i = 0; i < length; i += 2) {
		off_t at = (off_t)i;

		assert_int_equal(pwrite(file, &octets[i % 16], 1, at), 1);
		refused += replay_to(journal, "text", "/dev/null", &e) != 0;
		assert_int_equal(pwrite(file, &text[i], 1, at), 1);
	}
	assert_in_range(refused, length / 20, length / 2);
	close(file);
	free(text);
	free(journal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(a_replay_equals_the_report_of_the_run),
		IN_FOLDER(a_journal_without_keys_that_came_later_is_read),
		IN_FOLDER(a_journal_may_be_replayed_onto_itself),
		IN_FOLDER(a_killed_run_is_reported_and_says_so),
		IN_FOLDER(a_journal_cut_anywhere_is_reported),
		IN_FOLDER(a_last_line_without_its_end_still_counts),
		IN_FOLDER(a_wrong_line_is_named_with_its_place),
		IN_FOLDER(what_is_no_journal_is_refused),
		IN_FOLDER(a_writer_that_fails_is_named_not_the_journal),
		IN_FOLDER(any_octet_may_be_any_other),
	};

	return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
