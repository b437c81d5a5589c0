/* SPDX-License-Identifier: MIT */
#include "switches.h"

const struct switch_row switch_rows[SWITCHES] = {
#define DEFECT(NAME, id, seen_in, killer, provenance, summary)                 \
	{ id, true, seen_in, killer, provenance, summary },
#include "defects.def"
#undef DEFECT
#define ODDITY(NAME, id, provenance, summary)                                  \
	{ id, false, SEEN_IN_MEMORY, NULL, provenance, summary },
#include "oddities.def"
#undef ODDITY
};

bool switch_is_on(const struct switches *s, enum switch_name name)
{
	return s->on[name];
}

bool switch_on(struct switches *s, const char *id)
{
	for (size_t i = 0; i < SWITCHES; i++) {
		if (slice_is(slice_str(id), switch_rows[i].id)) {
			s->on[i] = true;
			return true;
		}
	}
	return false;
}
