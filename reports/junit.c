/* SPDX-License-Identifier: MIT */
/*
 * The JUnit report, for CI systems: one test case a verdict, and red exactly
 * when the run is. The counts stand in front, so the cases are kept until the
 * end. README.md has the table of what becomes what.
 */
#include "plain.h"
#include "record.h"
#include "writers.h"
#include "xml.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Octets of a message beyond which CI systems show no more of it. */
#define MESSAGE_LONGEST 300

struct junit {
	struct report base;
	struct result_file *file;
	struct buf suite;      /* attributes of the suite that begin() knows */
	struct buf properties; /* the run, one a line */
	struct buf cases;      /* what was judged, one after the other */
	size_t tests, failures, errors, skipped;
	double seconds; /* of all of them */
	enum fail_on fail_on;
	char *replay;
};

static void property(struct junit *j, const char *name, const char *value)
{
	buf_add_str(&j->properties, "      <property");
	xml_attribute(&j->properties, "name", name);
	xml_attribute(&j->properties, "value", value);
	buf_add_str(&j->properties, "/>\n");
}

static void number(struct junit *j, const char *name, uint64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, n);
	property(j, name, text);
}

static void run_properties(struct junit *j, const struct run_info *run)
{
	property(j, "tool", run->tool);
	property(j, "target", run->target);
	property(j, "started", run->started);
	property(j, "edition", run->edition);
	property(j, "register", run->registered);
	property(j, "split", run->split);
	number(j, "seed", run->seed);
	number(j, "scenarios", run->scenarios);
	property(j, "fail_on", run->fail_on);
	property(j, "look_only", run->look_only ? "true" : "false");
}

/* Readers of this format know no zone: they all take it for UTC, which it is.
 */
static void timestamp(struct junit *j, const char *started)
{
	struct slice time = slice_str(started);
	char text[32] = "";

	if (slice_ends(time, "Z"))
		time = slice_first(time, time.len - 1);
	if (time.len < sizeof(text) && time.len)
		memcpy(text, time.ptr, time.len);
	xml_attribute(&j->suite, "timestamp", text);
}

static int check(const struct junit *j, struct error *e)
{
	if (j->suite.failed || j->properties.failed || j->cases.failed)
		return error_set(e, "no memory for the report");
	return 0;
}

static int begin(struct report *r, const struct run_info *run, struct error *e)
{
	struct junit *j = (struct junit *)r;
	struct buf name = { 0 };

	buf_add_str(&name, "pop3spec ");
	buf_add_str(&name, run->target);
	xml_attribute(&j->suite, "name", buf_text(&name));
	xml_attribute(&j->suite, "hostname", run->target);
	timestamp(j, run->started);
	run_properties(j, run);
	j->fail_on = fail_on_named(run->fail_on);
	free(j->replay);
	j->replay = slice_copy(slice_str(run->replay));
	j->suite.failed |= name.failed || !j->replay;
	buf_free(&name);
	return check(j, e);
}

static void seconds(struct buf *to, double s)
{
	buf_printf(to, " time=\"%.3f\"", s > 0 && s < 1e9 ? s : 0.0);
}

/* "update/rset-unmarks RFC1939-5-RSET-01", the same in every run. */
static void case_name(struct buf *to, const struct verdict *v)
{
	struct buf name = { 0 };

	buf_add_str(&name, v->scenario);
	if (v->requirement && !slice_ends(buf_slice(&name), v->requirement)) {
		buf_add_char(&name, ' ');
		buf_add_str(&name, v->requirement);
	}
	if (v->transport && *v->transport &&
	    strcmp(v->transport, "clear") != 0) {
		buf_add_str(&name, " over ");
		buf_add_str(&name, v->transport);
	}
	xml_attribute(to, "name", buf_text(&name));
	to->failed |= name.failed;
	buf_free(&name);
}

/* "pop3spec.update": readers make folders of what stands before full stops. */
static void class_name(struct buf *to, const struct verdict *v)
{
	struct slice id = slice_str(v->scenario);
	struct buf name = { 0 };

	buf_add_str(&name, "pop3spec.");
	buf_add(&name, slice_first(id, slice_find(id, '/')));
	xml_attribute(to, "classname", buf_text(&name));
	to->failed |= name.failed;
	buf_free(&name);
}

/* In one line, what is shown in lists of failures. */
static void message_words(struct buf *to, const struct verdict *v)
{
	plain_add(to, v->label);
	if (v->actual && *v->actual) {
		buf_add_str(to, to->len ? ": expected " : "expected ");
		plain_add(to, v->expected);
		buf_add_str(to, ", got ");
		plain_add(to, v->actual);
	}
	if (!to->len)
		plain_add(to, v->title);
}

static void message(struct buf *to, const struct verdict *v)
{
	struct buf text = { 0 };

	message_words(&text, v);
	buf_add_str(to, " message=\"");
	xml_page(to, slice_first(buf_slice(&text), MESSAGE_LONGEST));
	buf_add_str(to, text.len > MESSAGE_LONGEST ? "...\"" : "\"");
	to->failed |= text.failed;
	buf_free(&text);
}

/* All that defends the verdict, as the text report has it. */
static void story(struct junit *j, const struct verdict *v)
{
	struct page page = { 0 };

	record_add(&page, v, j->replay);
	xml_page(&j->cases, buf_slice(&page.text));
	j->cases.failed |= page.text.failed;
	buf_free(&page.text);
}

static void element(struct junit *j, const char *name, const struct verdict *v)
{
	struct buf *to = &j->cases;

	buf_printf(to, "      <%s", name);
	xml_attribute(to, "type", outcome_name(v->outcome));
	message(to, v);
	buf_add_char(to, '>');
	story(j, v);
	buf_printf(to, "</%s>\n", name);
}

/* Why nothing was judged, which breaks no build by itself. */
static void skip(struct junit *j, const struct verdict *v)
{
	struct buf why = { 0 };

	if (v->outcome != OUTCOME_SKIP)
		buf_printf(&why, "%s: ",
			   v->outcome == OUTCOME_BLOCKED ? "blocked"
							 : "not run");
	buf_add_str(&why, v->label);
	buf_add_str(&j->cases, "      <skipped");
	xml_attribute(&j->cases, "message", buf_text(&why));
	buf_add_str(&j->cases, "/>\n");
	j->cases.failed |= why.failed;
	buf_free(&why);
}

/* Something to read of a case that does not fail: a warning, say. */
static void remark(struct junit *j, const struct verdict *v)
{
	if (v->outcome == OUTCOME_PASS)
		return;
	buf_add_str(&j->cases, "      <system-out>");
	story(j, v);
	buf_add_str(&j->cases, "</system-out>\n");
}

static void result(struct junit *j, const struct verdict *v)
{
	if (outcome_fails(v->outcome, j->fail_on)) {
		j->failures++;
		element(j, "failure", v);
	} else if (v->outcome == OUTCOME_ERROR) {
		j->errors++;
		element(j, "error", v);
	} else if (!outcome_judges(v->outcome)) {
		j->skipped++;
		skip(j, v);
	} else {
		remark(j, v);
	}
}

static int verdict(struct report *r, const struct verdict *v, struct error *e)
{
	struct junit *j = (struct junit *)r;

	j->tests++;
	j->seconds += v->seconds > 0 ? v->seconds : 0;
	buf_add_str(&j->cases, "    <testcase");
	case_name(&j->cases, v);
	class_name(&j->cases, v);
	seconds(&j->cases, v->seconds);
	if (v->file && *v->file)
		xml_attribute(&j->cases, "file", v->file);
	buf_add_str(&j->cases, ">\n");
	result(j, v);
	buf_add_str(&j->cases, "    </testcase>\n");
	return check(j, e);
}

static const char *why_it_ended_so(const struct run_summary *s)
{
	if (s->interrupted && *s->interrupted)
		return s->interrupted;
	if (s->exit_code == 2)
		return "fewer scenarios were judged than --min-cases asks for";
	if (s->exit_code == 1)
		return "the run failed for a reason that no verdict tells";
	if (s->count[OUTCOME_BLOCKED])
		return "something is blocked, and no finding explains it";
	return "the tool, the network or the target is at fault";
}

/* What made the run end with its exit code, where no verdict shows it. */
static void run_case(struct junit *j, const struct run_summary *s)
{
	bool fails = s->exit_code == 1;
	const char *name = fails ? "failure" : "error";

	if (!s->exit_code || (fails ? j->failures : j->errors))
		return;
	j->tests++;
	*(fails ? &j->failures : &j->errors) += 1;
	buf_add_str(&j->cases, "    <testcase name=\"the run as a whole\" "
			       "classname=\"pop3spec.run\" time=\"0.000\">\n");
	buf_printf(&j->cases, "      <%s type=\"exit code %d\"", name,
		   s->exit_code);
	xml_attribute(&j->cases, "message", why_it_ended_so(s));
	buf_add_str(&j->cases, "/>\n    </testcase>\n");
}

static void counts(struct buf *to, const struct junit *j, double time)
{
	buf_printf(to,
		   " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
		   "skipped=\"%zu\"",
		   j->tests, j->failures, j->errors, j->skipped);
	seconds(to, time);
}

static void head(struct buf *to, const struct junit *j, double time)
{
	buf_add_str(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			"<testsuites name=\"pop3spec\"");
	counts(to, j, time);
	buf_add_str(to, ">\n  <testsuite");
	buf_add(to, buf_slice(&j->suite));
	counts(to, j, time);
	buf_add_str(to, ">\n    <properties>\n");
	buf_add(to, buf_slice(&j->properties));
	buf_add_str(to, "    </properties>\n");
}

static int end(struct report *r, const struct run_summary *s, struct error *e)
{
	struct junit *j = (struct junit *)r;
	struct buf first = { 0 };
	int failed;

	number(j, "judged", s->judged);
	number(j, "requirements", s->requirements);
	number(j, "exit", (uint64_t)s->exit_code);
	property(j, "interrupted", s->interrupted);
	run_case(j, s);
	head(&first, j, s->seconds > 0 ? s->seconds : j->seconds);
	buf_add_str(&j->cases, "  </testsuite>\n</testsuites>\n");
	j->suite.failed |= first.failed;
	failed = check(j, e) ||
		 result_file_write(j->file, buf_slice(&first), e) ||
		 result_file_write(j->file, buf_slice(&j->cases), e);
	buf_free(&first);
	return failed ? -1 : result_file_publish(j->file, e);
}

static void free_junit(struct report *r)
{
	struct junit *j = (struct junit *)r;

	buf_free(&j->suite);
	buf_free(&j->properties);
	buf_free(&j->cases);
	free(j->replay);
	result_file_free(j->file);
	free(j);
}

static const struct report_ops ops = { begin, verdict, end, free_junit };

struct report *open_junit(struct result_file *file)
{
	struct junit *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	j->base.ops = &ops;
	j->file = file;
	return &j->base;
}
