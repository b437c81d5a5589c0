/* SPDX-License-Identifier: MIT */
/* The languages that LANG chooses from (RFC 6856 section 3). */
#ifndef POP3_LANGUAGES_H
#define POP3_LANGUAGES_H

#include "bytes.h"

enum language { ENGLISH, GERMAN, LANGUAGES };

struct language_row {
	const char *tag;  /* RFC 5646 */
	const char *name; /* in the language itself */
};

/* In the order of enum language. */
extern const struct language_row language_rows[LANGUAGES];

/*
 * Find the language for a basic language range, in upper or lower case, by the
 * lookup of RFC 4647 section 3.4: de-CH-1996, de-CH, de. Returns false when
 * there is none.
 */
bool language_lookup(struct slice range, enum language *found);

#endif
