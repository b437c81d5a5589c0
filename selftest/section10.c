/* SPDX-License-Identifier: MIT */
#include "section10.h"
#include "file.h"
#include "rig.h"

#include <stdio.h>
#include <string.h>

#define FILE_NAME SELFTEST_DIRECTORY "/rfc1939-section-10.json"

/* A message of octets octets as POP3 counts them. */
static int add_message(struct fixture *f, const char *name, size_t octets,
		       struct error *e)
{
	struct buf b = { 0 };

	buf_printf(&b, "Subject: %s\r\n\r\n", name);
	while (b.len + 2 < octets)
		buf_add_char(&b, 'x');
	buf_add_str(&b, "\r\n");
	return fixture_add(f, slice_str(name), &b, e);
}

static struct scenario *load(struct error *e)
{
	struct buf json = { 0 };
	struct scenario *s = NULL;

	if (!file_read(FILE_NAME, SCENARIO_LIMIT, &json, NULL, e))
		s = scenario_parse(buf_slice(&json), "rfc1939-section-10",
				   FILE_NAME, e);
	buf_free(&json);
	return s;
}

static int judge(const struct library *l, const struct scenario *s,
		 const struct fixture *fixture)
{
	struct findings f = { 0 };
	struct rig r;
	int failed;

	rig_open(&r, l->registry, NULL);
	r.host = "dewey";
	r.timestamp = "<1896.697170952@dbc.mtview.ca.us>";
	r.account = (struct account){ .user = "mrose",
				      .password = "tanstaaf",
				      .secret = "tanstaaf" };
	rig_play(&r, s, fixture, &f);
	rig_close(&r);
	failed = f.count != 1 || f.list[0].outcome != OUTCOME_PASS;
	for (size_t i = 0; i < f.count && failed; i++)
		printf("section 10: %s %s: expected %s, got %s %s\n",
		       outcome_name(f.list[i].outcome), f.list[i].step,
		       f.list[i].expected, f.list[i].actual,
		       f.list[i].label);
	findings_free(&f);
	return failed;
}

int section10_play(const struct library *l, struct error *e)
{
	struct fixture fixture = { 0 };
	struct scenario *s = load(e);
	int result = -1;

	if (s && !add_message(&fixture, "first", 120, e) &&
	    !add_message(&fixture, "second", 200, e))
		result = judge(l, s, &fixture);
	if (!result)
		puts("section 10: the example session of RFC 1939, word for "
		     "word");
	scenario_free(s);
	fixture_free(&fixture);
	return result;
}
