/* SPDX-License-Identifier: MIT */
/*
 * What the server says, in all its languages. The code writes English; texts.def
 * has each English format once, with what it is in the others. The test `texts`
 * looks for those without.
 */
#ifndef POP3_TEXTS_H
#define POP3_TEXTS_H

#include "languages.h"

/* What an English text or format is in a language, or NULL when it is data. */
const char *text_in(enum language language, const char *english);

#endif
