/* SPDX-License-Identifier: MIT */
/* The first line of a reply: its indicator, and what stands behind it. */
#include "pattern.h"

#include <string.h>

static const char *indicator(const struct pattern *p)
{
	struct slice first = {0};

	if (p->count && p->tokens[0].kind == TOKEN_LITERAL)
		first = buf_slice(&p->tokens[0].literal);
	if (slice_starts(first, "+OK"))
		return "+OK";
	return slice_starts(first, "-ERR") ? "-ERR" : NULL;
}

/* What the first literal says behind the indicator. */
static struct slice behind(const struct pattern *p, const char *status)
{
	return slice_from(buf_slice(&p->tokens[0].literal), strlen(status));
}

int pattern_check_reply(const struct pattern *p, struct error *e)
{
	const char *status = indicator(p);
	struct slice text;

	if (!status)
		return error_set(e, "a reply begins with +OK or -ERR, in upper "
				    "case");
	text = behind(p, status);
	if (slice_starts(text, " ") || (!text.len && p->count == 1) ||
	    (!text.len && p->tokens[1].kind == TOKEN_REST))
		return 0;
	return error_set(e, "behind %s comes a space, \"...\" or nothing",
			 status);
}

static struct slice without_space(struct slice s)
{
	return slice_starts(s, " ") ? slice_from(s, 1) : s;
}

bool pattern_match_reply(const struct pattern *p, enum reply_status status,
			 struct slice line, struct bindings *b)
{
	const char *asked = indicator(p);
	struct slice text;

	if (!asked || status != (asked[0] == '+' ? STATUS_OK : STATUS_ERR))
		return false;
	text = behind(p, asked);
	if (!text.len && p->count == 1)
		return true;
	text = without_space(text);
	return pattern_match_behind(
	    p, p->tokens[0].literal.len - text.len,
	    without_space(slice_from(line, strlen(asked))), b);
}
