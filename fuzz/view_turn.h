/* SPDX-License-Identifier: MIT */
/* One turn of a session, for the files of view.c. */
#ifndef FUZZ_VIEW_TURN_H
#define FUZZ_VIEW_TURN_H

#include "view.h"

/* A command, the reply to it, and who proved himself meanwhile. */
struct turn {
	struct view *view;
	struct slice command;
	struct said said;
	bool let_in;
};

bool turn_is(const struct turn *t, const char *line);
bool turn_has_word(const struct turn *t, const char *word);

/* Its command must have been obeyed, or refused. */
void turn_obeyed(const struct turn *t);
void turn_refused(const struct turn *t);

/* The TRANSACTION state begins. */
void view_enter(struct view *v);

/* A command of the AUTHORIZATION state, or a response in it; CAPA in any. */
void turn_check_authorization(const struct turn *t);
void turn_check_exchange(const struct turn *t, struct slice response);
void turn_check_capabilities(const struct turn *t);

/*
 * Returns true when the line is AUTH or a response, and is answered by a
 * challenge, which is taken from the front of *said.
 */
bool view_is_challenged(struct view *v, struct slice line, struct slice *said,
			bool let_in);

/* Message i of the session. */
struct mail_message *view_message(const struct view *v, size_t i);

/* Check the reply to LANG in any form, and to LAST. */
void view_lang(const struct turn *t);
void view_last(const struct turn *t);

/* RETR or DELE had message i. */
void view_accessed(struct view *v, size_t i);

/* Message i has a header that only clients in UTF-8 mode may get. */
bool view_withholds(const struct view *v, size_t i);

/* Until LANG chooses a language, its own reply included, all is ASCII. */
void view_ascii(const struct turn *t);

#endif
