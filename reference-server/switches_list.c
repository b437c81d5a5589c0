/* SPDX-License-Identifier: MIT */
#include "switches_list.h"

#include "switches.h"

#include <stdio.h>

static const char *place_seen(const struct seen *s)
{
	if (s->in_memory && s->on_wire)
		return "everywhere";
	return s->in_memory ? "memory" : "wire";
}

static const char *or_none(const char *text)
{
	return text ? text : "-";
}

void switches_list(bool defects)
{
	for (size_t i = 0; i < SWITCHES; i++) {
		const struct switch_row *row = &switch_rows[i];

		if (row->defect != defects)
			continue;
		printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\n", row->id,
		       row->class < CLASSES ? class_names[row->class] : "-",
		       place_seen(&row->seen), or_none(row->killer),
		       row->provenance, row->summary, or_none(row->needs));
	}
}
