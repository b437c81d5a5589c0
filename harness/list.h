/* SPDX-License-Identifier: MIT */
/* "pop3spec list": which scenarios there are. */
#ifndef HARNESS_LIST_H
#define HARNESS_LIST_H

#include "library.h"

/* To standard output: one a line, with the requirement that it judges. */
void list_print(const struct library *l);

/*
 * The same for programs: {"scenarios": [{"id": ..., "revision": 1, "file":
 * ..., "title": ..., "requirements": [...], "rulings": [...], "needs": [...],
 * "start": "transaction", "maildrop": "", "slow": false}]}. -1 and e without
 * memory.
 */
int list_print_json(const struct library *l, struct error *e);

#endif
