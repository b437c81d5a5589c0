/* SPDX-License-Identifier: MIT */
/*
 * What crypt(3) can have made of a password. To make one takes milliseconds or
 * more, too long for thousands of users; so only its form is looked at.
 */
#ifndef POP3_CRYPT_FORM_H
#define POP3_CRYPT_FORM_H

#include "bytes.h"

/* Returns NULL, or why no password can fit text, a literal. */
const char *crypt_form_check(struct slice text);

#endif
