/* SPDX-License-Identifier: MIT */
#ifndef POP3_HASH_PASSWORD_H
#define POP3_HASH_PASSWORD_H

/*
 * Read a password, the first line of standard input, or of who sits there when
 * that is a terminal (ask_password.h), and print what a users file keeps of it
 * by this scheme (secret.h). Returns 0, or -1 and complains.
 */
int hash_password(const char *scheme);

#endif
