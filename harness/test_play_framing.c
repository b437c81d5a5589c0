/* SPDX-License-Identifier: MIT */
/* What looks like a fault of a reply, and was provoked by what we sent. */
#include "play_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

/* A server that tells what it did not understand says our own CR again. */
static void a_stray_cr_of_ours_is_no_fault_of_the_reply(void **state)
{
	static const struct script echo = {
		.rules = { { "NOOP\rX", "-ERR what is NOOP\rX?\r\n", false },
			   { "XYZZ", "-ERR what is\rXYZZ?\r\n", false } },
	};
	struct world ours = { 0 }, theirs = { 0 };
	struct findings f = play_text(&ours, &echo, HEAD("authorization")
		"\"dialogue\":[{\"C in one piece\":\"NOOP{CR}X{CRLF}\"},"
		"\"S: -ERR\"]}");

	(void)state;
	assert_int_equal(ours.seen, 0);
	check(&f, OUTCOME_PASS, "");
	f = play_text(&theirs, &echo, HEAD("authorization")
		      "\"dialogue\":[\"C: XYZZ\",\"S: -ERR\"]}");
	assert_int_equal(theirs.seen, 1);
	check(&f, OUTCOME_PASS, "");
}

/* Who is told too much may answer too much (ruling C3). */
static void a_reply_to_a_line_too_long_may_be_too_long(void **state)
{
	static char reply[700] = "-ERR ";
	static const struct script echo = {
		.rules = { { "A", reply, false } },
	};
	struct world w = { 0 }, other = { 0 };
	struct findings f;

	(void)state;
	memset(reply + 5, 'A', 600);
	strcpy(reply + 605, "\r\n");
	f = play_text(&w, &echo, HEAD("authorization")
		      "\"dialogue\":[\"C: {600 times A}\",\"S: -ERR\"]}");
	assert_int_equal(w.seen, 0);
	check(&f, OUTCOME_PASS, "");
	f = play_text(&other, &echo, HEAD("authorization")
		      "\"dialogue\":[\"C: {253 times A}\",\"S: -ERR\"]}");
	assert_int_equal(other.seen, 1);
	check(&f, OUTCOME_PASS, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_stray_cr_of_ours_is_no_fault_of_the_reply),
		cmocka_unit_test(a_reply_to_a_line_too_long_may_be_too_long),
	};

	return cmocka_run_group_tests_name("play_framing", tests, NULL, NULL);
}
