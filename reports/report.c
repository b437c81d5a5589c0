/* SPDX-License-Identifier: MIT */
#include "report.h"

#include "bytes.h"
#include "writers.h"

#include <string.h>

const char *const report_formats[] = { "text", "jsonl", "json", NULL };

static struct report *(*const openers[])(struct result_file *) = {
	open_text,
	open_jsonl,
	open_json,
};

static struct report *unknown(const char *format, struct error *e)
{
	struct buf known = { 0 };
	const char *names;

	for (size_t i = 0; report_formats[i]; i++)
		buf_printf(&known, "%s%s", i ? ", " : "", report_formats[i]);
	names = buf_text(&known);
	error_set(e, "%s: no such report format; there are: %s", format,
		  names ? names : "");
	buf_free(&known);
	return NULL;
}

struct report *report_open(const char *format, const char *path,
			   struct error *e)
{
	struct result_file *file;
	struct report *r;
	size_t i = 0;

	while (report_formats[i] && strcmp(report_formats[i], format) != 0)
		i++;
	if (!report_formats[i])
		return unknown(format, e);
	file = result_file_open(path, e);
	if (!file)
		return NULL;
	r = openers[i](file);
	if (!r)
		error_set(e, "%s: no memory", path);
	return r;
}
