/* SPDX-License-Identifier: MIT */
#include "switches.h"

/* How the rows of defects.def say where and how plainly one is seen. */
#define EVERYWHERE { true, true, NULL }
#define IN_MEMORY(why) { true, false, why }
#define ON_WIRE(why) { false, true, why }
#define PLAIN NULL
#define SUBTLE(needs) needs

const struct switch_row switch_rows[SWITCHES] = {
#define DEFECT(NAME, id, class, seen, needs, killer, provenance, summary)      \
	{ id, true, CLASS_##class, seen, needs, killer, provenance, summary },
#include "defects.def"
#undef DEFECT
#define ODDITY(NAME, id, provenance, summary)                                  \
	{ id, false, CLASSES, EVERYWHERE, NULL, NULL, provenance, summary },
#include "oddities.def"
#undef ODDITY
};

const char *const class_names[CLASSES] = {
	[CLASS_FRAMING] = "framing",   [CLASS_COMMANDS] = "commands",
	[CLASS_LOGIN] = "login",       [CLASS_NUMBERS] = "numbers",
	[CLASS_SIZES] = "sizes",       [CLASS_MESSAGES] = "messages",
	[CLASS_UNIQUE_IDS] = "unique-ids", [CLASS_DELETION] = "deletion",
	[CLASS_UPDATE] = "update",     [CLASS_LOCK] = "lock",
	[CLASS_TIMER] = "timer",
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
