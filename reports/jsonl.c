/* SPDX-License-Identifier: MIT */
/*
 * The journal: what a killed run leaves. Each line is one write, so that all
 * lines but the last are whole.
 */
#include "format.h"
#include "writers.h"

#include <stdlib.h>

struct jsonl {
	struct report base;
	struct result_file *file;
};

static char *line_of(const json_t *object)
{
	struct buf line = { 0 };
	char *text = json_dumps(object, JSON_COMPACT | FORMAT_FLAGS);

	buf_add_str(&line, text);
	buf_add_char(&line, '\n');
	if (!text)
		buf_free(&line);
	free(text);
	return buf_steal(&line);
}

/* Takes object; NULL says that e is filled already. */
static int write_line(struct jsonl *j, json_t *object, struct error *e)
{
	char *line;
	int failed;

	if (!object)
		return -1;
	line = line_of(object);
	json_decref(object);
	if (!line)
		return error_set(e, "no memory for a line of the journal");
	failed = result_file_write(j->file, slice_str(line), e);
	free(line);
	return failed;
}

/* From here on the new journal stands in the place of an older one. */
static int begin(struct report *r, const struct run_info *run, struct error *e)
{
	struct jsonl *j = (struct jsonl *)r;

	if (write_line(j, run_write(run, e), e))
		return -1;
	return result_file_publish(j->file, e);
}

static int verdict(struct report *r, const struct verdict *v, struct error *e)
{
	return write_line((struct jsonl *)r, verdict_write(v, e), e);
}

static int end(struct report *r, const struct run_summary *s, struct error *e)
{
	struct jsonl *j = (struct jsonl *)r;
	json_t *summary = summary_write(s, e);
	json_t *line;

	if (!summary)
		return -1;
	line = json_pack("{s:o}", "summary", summary);
	if (!line)
		return error_set(e, "no memory for the summary");
	if (write_line(j, line, e))
		return -1;
	return result_file_publish(j->file, e);
}

static void free_jsonl(struct report *r)
{
	struct jsonl *j = (struct jsonl *)r;

	result_file_free(j->file);
	free(j);
}

static const struct report_ops ops = { begin, verdict, end, free_jsonl };

struct report *open_jsonl(struct result_file *file)
{
	struct jsonl *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	j->base.ops = &ops;
	j->file = file;
	return &j->base;
}
