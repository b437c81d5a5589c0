/* SPDX-License-Identifier: MIT */
/* Asks who sits at the terminal for a password. A part of hash_password.c. */
#ifndef POP3_ASK_PASSWORD_H
#define POP3_ASK_PASSWORD_H

#include "bytes.h"
#include "error.h"

/*
 * Read a line of standard input, as it is, of whatever octets, without its end,
 * into b: at most room octets, and what is more is an error. Returns 0, or -1
 * and e, also when there is no line.
 */
int password_read(struct buf *b, size_t room, struct error *e);

/*
 * The same from standard input that is a terminal: asks for it on standard
 * error, twice, and shows nothing of what is typed. Two that differ are an
 * error. A signal that ends the program leaves the terminal as it was before.
 */
int password_ask(struct buf *b, size_t room, struct error *e);

#endif
