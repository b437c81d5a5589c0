/* SPDX-License-Identifier: MIT */
#include "report.h"

#include "bytes.h"
#include "writers.h"

#include <string.h>

const char *const report_formats[] = { "text", "jsonl", "json",
				       "junit", NULL };

static struct report *(*const openers[])(struct result_file *) = {
	open_text,
	open_jsonl,
	open_json,
	open_junit,
};

static int unknown(const char *format, struct error *e)
{
	struct buf known = { 0 };
	const char *names;

	for (size_t i = 0; report_formats[i]; i++)
		buf_printf(&known, "%s%s", i ? ", " : "", report_formats[i]);
	names = buf_text(&known);
	error_set(e, "%s: no such report format; there are: %s", format,
		  names ? names : "");
	buf_free(&known);
	return -1;
}

/* Its place in report_formats, or that of the NULL there. */
static size_t place_of(const char *format)
{
	size_t i = 0;

	while (report_formats[i] && strcmp(report_formats[i], format) != 0)
		i++;
	return i;
}

int report_check_format(const char *format, struct error *e)
{
	return report_formats[place_of(format)] ? 0 : unknown(format, e);
}

struct report *report_open(const char *format, const char *path,
			   struct error *e)
{
	struct result_file *file;
	struct report *r;

	if (report_check_format(format, e))
		return NULL;
	file = result_file_open(path, e);
	if (!file)
		return NULL;
	r = openers[place_of(format)](file);
	if (!r) {
		error_set(e, "%s: no memory", path);
		result_file_free(file);
	}
	return r;
}
