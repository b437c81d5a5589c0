/* SPDX-License-Identifier: MIT */
/* CAPA (RFC 2449 section 5): what this server can do beyond the minimum. */
#include "verbs.h"

#include <stdio.h>

/*
 * What no verb stands for. RESP-CODES because a locked maildrop is answered
 * [IN-USE], AUTH-RESP-CODE because wrong credentials are answered [AUTH] (RFC
 * 3206 section 6); EXPIRE NEVER because nothing but DELE and QUIT removes mail.
 */
static const char *const properties[] = {
	"RESP-CODES",
	"PIPELINING",
	"EXPIRE NEVER",
	("IMPLEMENTATION pop3spec-reference-" POP3SPEC_VERSION),
	"AUTH-RESP-CODE", /* the last: not where replies have no text */
};

static size_t properties_count(const struct session *s)
{
	size_t count = sizeof(properties) / sizeof(properties[0]);

	return switched(s, ODDITY_BARE_STATUS) ? count - 1 : count;
}

static const char *capability(const struct session *s, size_t i)
{
	size_t verbs = 0;

	while (verbs_capability(s, verbs))
		verbs++;
	if (i < verbs)
		return verbs_capability(s, i);
	i -= verbs;
	if (i >= properties_count(s))
		return NULL;
	if (deletes_retrieved(s) &&
	    slice_starts(slice_str(properties[i]), "EXPIRE"))
		return "EXPIRE 0";
	return properties[i];
}

static long read_line(void *of, char *to, size_t room)
{
	struct session *s = of;
	const char *tag = capability(s, s->listing.next);

	if (!tag)
		return 0;
	s->listing.next++;
	if (slice_is(slice_str(tag), "SASL")) /* RFC 5034 section 3 */
		return snprintf(to, room, "SASL %.400s\r\n",
				s->config.mechanisms);
	return snprintf(to, room, "%s%s\r\n",
			switched(s, DEFECT_CAPA_INDENTED) ? " " : "", tag);
}

void verb_capa(struct session *s, const struct command *c, struct reply *r)
{
	(void)c;
	s->listing = (struct listing){ 0 };
	reply_ok(r, "Capability list follows");
	reply_body(r, (struct source){ read_line, s }, WHOLE_BODY);
}
