/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include <string.h>

const struct patience patience_default = {
	.ms = {
		[WAIT_CONNECT] = 10000,
		[WAIT_GREETING] = 60000,
		[WAIT_REPLY] = 30000,
		[WAIT_LOGIN] = 60000,
		[WAIT_LOCK] = 60000,
		[WAIT_CLOSE] = 30000,
		[WAIT_UPDATE] = 5000,
	},
};

const char *wait_name(enum wait w)
{
	static const char *const names[WAITS] = {
		[WAIT_CONNECT] = "connect", [WAIT_GREETING] = "greeting",
		[WAIT_REPLY] = "reply",	    [WAIT_LOGIN] = "login",
		[WAIT_LOCK] = "lock",	    [WAIT_CLOSE] = "close",
		[WAIT_UPDATE] = "update",
	};

	return names[w];
}

bool ability_announced(const struct abilities *a, const char *tag)
{
	struct slice rest = buf_slice(&a->tags);

	while (rest.len) {
		size_t end = slice_find(rest, ' ');

		if (slice_is_nocase(slice_first(rest, end), tag))
			return true;
		rest = slice_from(rest, end + 1);
	}
	return false;
}

uint64_t stage_wait(const struct stage *s, enum wait w)
{
	uint64_t ms = s->patience.ms[w];

	return s->patience.spent[w] ? ms / 10 : ms;
}

void stage_wait_spent(struct stage *s, enum wait w)
{
	s->patience.spent[w] = true;
}
