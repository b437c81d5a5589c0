/* SPDX-License-Identifier: MIT */
/*
 * Which user names there can be. A name becomes the name of a folder below the
 * mail root, and it comes from the network: this is the one place that decides
 * that it cannot lead out of there.
 */
#ifndef POP3_USER_NAME_H
#define POP3_USER_NAME_H

#include "bytes.h"

#define USER_NAME_MAX 64

/* What user_name_allowed() allows, as an error says it. */
#define USER_NAME_RULE "1 to 64 of A-Z a-z 0-9 . _ @ + -, not starting with ."

/*
 * True for 1 to USER_NAME_MAX of A-Z a-z 0-9 . _ @ + - of which the first is
 * not a dot. So no slash, NUL, space or control character, and neither "." nor
 * "..".
 */
bool user_name_allowed(struct slice name);

#endif
