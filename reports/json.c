/* SPDX-License-Identifier: MIT */
/*
 * The JSON report. The summary stands in front of the verdicts, which are
 * therefore kept until the end.
 */
#include "format.h"
#include "writers.h"

#include <stdlib.h>

struct json_report {
	struct report base;
	struct result_file *file;
	json_t *whole;
	json_t *verdicts;
};

static int begin(struct report *r, const struct run_info *run, struct error *e)
{
	struct json_report *j = (struct json_report *)r;

	json_decref(j->whole);
	j->whole = run_write(run, e);
	return j->whole ? 0 : -1;
}

static int verdict(struct report *r, const struct verdict *v, struct error *e)
{
	struct json_report *j = (struct json_report *)r;
	json_t *object = verdict_write(v, e);

	if (!object)
		return -1;
	if (json_array_append_new(j->verdicts, object))
		return error_set(e, "no memory for a verdict");
	return 0;
}

static int print(struct json_report *j, struct error *e)
{
	char *text = json_dumps(j->whole, JSON_INDENT(2) | FORMAT_FLAGS);
	int failed;

	if (!text)
		return error_set(e, "no memory for the report");
	failed = result_file_write(j->file, slice_str(text), e) ||
		 result_file_write(j->file, slice_str("\n"), e);
	free(text);
	return failed ? -1 : result_file_publish(j->file, e);
}

static int end(struct report *r, const struct run_summary *s, struct error *e)
{
	struct json_report *j = (struct json_report *)r;
	json_t *summary = summary_write(s, e);

	if (!summary)
		return -1;
	if (json_object_set_new(j->whole, "summary", summary) ||
	    json_object_set(j->whole, "verdicts", j->verdicts))
		return error_set(e, "no memory for the report");
	return print(j, e);
}

static void free_json(struct report *r)
{
	struct json_report *j = (struct json_report *)r;

	json_decref(j->whole);
	json_decref(j->verdicts);
	result_file_free(j->file);
	free(j);
}

static const struct report_ops ops = { begin, verdict, end, free_json };

struct report *open_json(struct result_file *file)
{
	struct json_report *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	j->base.ops = &ops;
	j->file = file;
	j->verdicts = json_array();
	return &j->base;
}
