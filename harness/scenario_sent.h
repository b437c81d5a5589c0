/* SPDX-License-Identifier: MIT */
/*
 * Which command do sent octets belong to? A command may be cut into pieces,
 * and a piece may hold several commands.
 */
#ifndef JUDGE_SCENARIO_SENT_H
#define JUDGE_SCENARIO_SENT_H

#include "pattern.h"

/* Begins as { .keyword = "PASS" }. */
struct sent_line {
	const char *keyword; /* that is looked for, in any case */
	size_t column;       /* octets of the line so far */
	bool differs;        /* one of them is not keyword's */
	bool argument;       /* what comes now is behind keyword and a space */
	bool found;          /* a line began with keyword, as a whole word */
};

/* Add what t stands for; a placeholder counts as one octet of no word. */
void sent_line_add(struct sent_line *line, const struct token *t);

/* The line ends here, with or without its CRLF. */
void sent_line_end(struct sent_line *line);

#endif
