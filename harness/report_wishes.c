/* SPDX-License-Identifier: MIT */
#include "report_wishes.h"
#include "report.h"

#include <string.h>

static int check_place(const struct run_options *o, size_t place,
		       struct error *e)
{
	const struct report_wish *w = &o->reports[place];

	for (size_t i = 0; i < place; i++)
		if (report_same_place(o->reports[i].path, w->path))
			return error_set(e, "--report %s=%s: --report %s=%s "
					 "goes there already", w->format,
					 w->path, o->reports[i].format,
					 o->reports[i].path);
	return 0;
}

int report_wishes_check(const struct run_options *o, struct error *e)
{
	for (size_t i = 0; i < o->report_count; i++)
		if (report_check_format(o->reports[i].format, e) ||
		    check_place(o, i, e))
			return -1;
	return 0;
}

int report_wishes_check_run(const struct run_options *o, struct error *e)
{
	if (report_wishes_check(o, e))
		return -1;
	if (report_wishes_standard_output(o))
		return 0;
	for (size_t i = 0; i < o->report_count; i++)
		if (report_same_place(o->reports[i].path, "-"))
			return error_set(e, "--report %s=%s: that is standard "
					 "output, where the report as text "
					 "goes; should be %s=-, which is then "
					 "alone there", o->reports[i].format,
					 o->reports[i].path,
					 o->reports[i].format);
	return 0;
}

bool report_wishes_standard_output(const struct run_options *o)
{
	for (size_t i = 0; i < o->report_count; i++)
		if (!strcmp(o->reports[i].path, "-"))
			return true;
	return false;
}
