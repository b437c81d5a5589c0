/* SPDX-License-Identifier: MIT */
/*
 * The commands of POP3: one table in verbs.c, one handler each. A handler looks
 * at the session, changes what it must, and fills the reply; it sends nothing.
 */
#ifndef POP3_VERBS_H
#define POP3_VERBS_H

#include "session_state.h"

struct verb {
	const char *name;
	int states; /* in which it may be given, or-ed */
	size_t arguments_min;
	size_t arguments_max;
	void (*run)(struct session *s, const struct command *c,
		    struct reply *r);
	const char *capability; /* that announces it (RFC 2449), or NULL; its
				   arguments are capabilities.c's affair */
};

/* Obey a line. r stays REPLY_LATER when the outside must answer first. */
void verbs_obey(struct session *s, const struct line *line, struct reply *r);

/*
 * The i-th capability that stands for a verb of this server, in the order of
 * the table, or NULL behind the last.
 */
const char *verbs_capability(const struct session *s, size_t i);

/* True when this server has the verb that run handles, in some state. */
bool verbs_available(const struct session *s,
		     void (*run)(struct session *s, const struct command *c,
				 struct reply *r));

#define HANDLER(name)                                                          \
	void name(struct session *s, const struct command *c, struct reply *r)

HANDLER(verb_user); /* authorization.c */
HANDLER(verb_pass);
HANDLER(verb_apop);
HANDLER(verb_stls); /* stls.c */
HANDLER(verb_auth); /* auth.c */
HANDLER(verb_utf8); /* utf8.c */
HANDLER(verb_lang); /* lang.c */
HANDLER(verb_stat); /* listing.c */
HANDLER(verb_list);
HANDLER(verb_uidl);
HANDLER(verb_retr); /* transaction.c */
HANDLER(verb_dele);
HANDLER(verb_noop);
HANDLER(verb_rset);
HANDLER(verb_last);
HANDLER(verb_top);
HANDLER(verb_quit); /* update.c */
HANDLER(verb_capa); /* capabilities.c */

#undef HANDLER

#endif
