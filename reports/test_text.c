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
#include <unistd.h>
#include <cmocka.h>

static void every_sample_reads_as_its_golden_file(void **state)
{
	char *path = folder_path(state, "r.txt");

	for (size_t i = 0; samples[i]; i++) {
		char name[64];

		sample_report(samples[i], "text", path);
		snprintf(name, sizeof(name), "%s.txt", samples[i]->name);
		assert_golden(path, name);
	}
	free(path);
}

static void nothing_hostile_reaches_a_terminal(void **state)
{
	char *path = folder_path(state, "r.txt");
	char *text;

	sample_report(&sample_hostile, "text", path);
	text = slurp(path);
	assert_non_null(text);
	for (const char *c = text; *c; c++)
		assert_true(*c == '\n' || (*c >= 0x20 && *c <= 0x7e));
	assert_non_null(strstr(text, "{0x1B}[2J"));
	free(text);
	free(path);
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && !strcmp(text + n - m, end);
}

static void the_last_line_says_how_much_was_judged(void **state)
{
	char *path = folder_path(state, "r.txt");
	struct sample one = sample_clean;
	char *text;

	sample_report(&one, "text", path);
	text = slurp(path);
	assert_true(ends_with(text, "\nNo breach found. 212 of 390 "
				    "requirements judged, 61 skipped, "
				    "117 not covered.\n"));
	free(text);
	one.summary.count[OUTCOME_LOST] = 1;
	sample_report(&one, "text", path);
	text = slurp(path);
	assert_true(ends_with(text, "\n1 breach found. 212 of 390 "
				    "requirements judged, 61 skipped, "
				    "117 not covered.\n"));
	free(text);
	free(path);
}

static void assert_order_is_no_matter(void **state, const struct sample *s)
{
	char *path = folder_path(state, "r.txt");
	struct sample turned = *s;
	struct verdict verdicts[32];
	char golden[64];

	assert_in_range(turned.count, 2, 32);
	for (size_t i = 0; i < turned.count; i++)
		verdicts[turned.count - 1 - i] = turned.verdicts[i];
	turned.verdicts = verdicts;
	sample_report(&turned, "text", path);
	snprintf(golden, sizeof(golden), "%s.txt", s->name);
	assert_golden(path, golden);
	free(path);
}

static void the_order_of_arrival_does_not_show(void **state)
{
	assert_order_is_no_matter(state, &sample_breaches);
	assert_order_is_no_matter(state, &sample_alike);
}

static void a_report_that_is_not_ended_leaves_no_file(void **state)
{
	char *path = folder_path(state, "r.txt");
	struct report *r = sample_begin(&sample_breaches, "text", path);

	r->ops->free(r);
	assert_int_equal(folder_files(state), 0);
	free(path);
}

static void a_full_device_is_reported(void **state)
{
	struct error e = { 0 };
	struct report *r = report_open("text", "/dev/full", &e);

	(void)state;
	assert_non_null(r);
	assert_int_equal(r->ops->begin(r, &sample_clean.run, &e), -1);
	assert_non_null(strstr(e.text, "/dev/full: cannot write: No space"));
	r->ops->free(r);
}

/* All that comes out of a terminal until its other side is closed. */
static char *drain(int master)
{
	struct buf seen = { 0 };
	char piece[4096];
	ssize_t n;

	while ((n = read(master, piece, sizeof(piece))) > 0)
		buf_add(&seen, slice_of(piece, (size_t)n));
	return buf_steal(&seen);
}

/* Report to a terminal of our own, and return owned what it was sent. */
static char *seen_on_terminal(const struct sample *s)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	char *seen;

	assert_true(master >= 0);
	assert_int_equal(grantpt(master), 0);
	assert_int_equal(unlockpt(master), 0);
	sample_report(s, "text", ptsname(master));
	seen = drain(master);
	close(master);
	return seen;
}

static void assert_colours(const char *term, const char *refusal, bool wanted)
{
	char *seen;

	assert_int_equal(setenv("TERM", term, 1), 0);
	if (refusal)
		assert_int_equal(setenv("NO_COLOR", refusal, 1), 0);
	else
		assert_int_equal(unsetenv("NO_COLOR"), 0);
	seen = seen_on_terminal(&sample_clean);
	assert_non_null(seen);
	assert_int_equal(strchr(seen, '\033') != NULL, wanted);
	assert_non_null(strstr(seen, "No breach found."));
	free(seen);
}

static void only_a_willing_terminal_gets_colours(void **state)
{
	(void)state;
	assert_colours("xterm", NULL, true);
	assert_colours("xterm", "", true);
	assert_colours("xterm", "1", false);
	assert_colours("dumb", NULL, false);
}

static void a_dash_is_standard_output(void **state)
{
	char *path = folder_path(state, "out");
	int kept = dup(STDOUT_FILENO);
	int out = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(kept >= 0 && out >= 0);
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	sample_report(&sample_clean, "text", "-");
	dup2(kept, STDOUT_FILENO);
	close(out);
	close(kept);
	assert_golden(path, "clean.txt");
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(every_sample_reads_as_its_golden_file),
		IN_FOLDER(nothing_hostile_reaches_a_terminal),
		IN_FOLDER(the_last_line_says_how_much_was_judged),
		IN_FOLDER(the_order_of_arrival_does_not_show),
		IN_FOLDER(a_report_that_is_not_ended_leaves_no_file),
		cmocka_unit_test(a_full_device_is_reported),
		cmocka_unit_test(only_a_willing_terminal_gets_colours),
		IN_FOLDER(a_dash_is_standard_output),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
