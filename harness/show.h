/* SPDX-License-Identifier: MIT */
/*
 * "pop3spec show": a scenario, or a requirement of the register, for a person.
 * The parts below each add to the page; nothing they print is cut or wrapped
 * where it is to be typed.
 */
#ifndef HARNESS_SHOW_H
#define HARNESS_SHOW_H

#include "library.h"
#include "page.h"
#include "rulings.h"

struct show {
	struct page page;
	const struct library *library;
	struct rulings rulings;
	const struct scenario *scenario; /* that is being shown, or NULL */
	const char *host, *port; /* "HOST" and "110" when nobody said */
	const char *user;        /* or "{user}" */
};

/*
 * To standard output all that what names: the id of a scenario or of a
 * requirement, or a glob. target (NULL: none) fills in host, port and user.
 * Returns 0; 2 when nothing is named so, with what was perhaps meant on
 * standard error; 3 when target or library cannot be read.
 */
int show(const char *what, const char *target);

void show_scenario(struct show *w, const struct scenario *s);
void show_requirement(struct show *w, const struct requirement *q);

/* What both have: the rule, the clause, and the register's view of it. */
void show_register(struct show *w, const struct requirement *q);
void show_ruling(struct show *w, const char *number);

/* The steps as RFC 1939 prints a dialogue, and what the names in it mean. */
void show_dialogue(struct show *w, const struct scenario *s);
void show_placeholders(struct show *w, const struct scenario *s);

/* How to play it with nc or openssl s_client. */
void show_by_hand(struct show *w, const struct scenario *s);

/* "Heading", with an empty line before it. */
void show_heading(struct show *w, const char *text);

/* One line behind so many columns; as page_add() prints it. */
void show_line(struct show *w, size_t columns, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Append what is to be typed; a space at either end, unseen else, as {SP}. */
void show_typed(struct buf *to, struct slice source);

/* Append "10 min", "5 s" or "250 ms". */
void show_duration(struct buf *to, uint64_t ms);

#endif
