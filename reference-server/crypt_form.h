/* SPDX-License-Identifier: MIT */
/*
 * What crypt(3) can have made of a password. To make one takes milliseconds or
 * more, too long for thousands of users; so only its form is looked at.
 */
#ifndef POP3_CRYPT_FORM_H
#define POP3_CRYPT_FORM_H

#include "bytes.h"

#include <stdbool.h>

/* Returns NULL, or why no password can fit text, a literal. */
const char *crypt_form_check(struct slice text);

/*
 * Whether text begins as no password that a person chose would, but as what
 * crypt(3) makes does ("$6$"); whole or not.
 */
bool crypt_form_like(struct slice text);

#endif
