/* SPDX-License-Identifier: MIT */
/* How a session plays the part of another (double.h). */
#include "session_state.h"

static void hold(struct session *s, uint64_t ms, void (*go_on)(struct session *))
{
	s->held = go_on;
	s->held_until = s->now + ms;
}

bool session_acts(struct session *s, struct slice command,
		  void (*go_on)(struct session *s))
{
	const struct double_rule *rule =
		s->config.doubles ? doubles_find(s->config.doubles, command)
				  : NULL;

	if (!rule)
		return false;
	switch (rule->action) {
	case DOUBLE_SAYS:
		render_octets(&s->render, buf_slice(&rule->text));
		return true;
	case DOUBLE_DELAYS:
		hold(s, rule->number, go_on);
		return true;
	case DOUBLE_CLOSES:
		s->want = WANT_CLOSE;
		return true;
	case DOUBLE_CUTS:
		render_cut(&s->render, rule->number);
		break;
	}
	return false;
}
