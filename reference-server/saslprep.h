/* SPDX-License-Identifier: MIT */
/*
 * The same password, however it was typed: a word that is no ASCII can be
 * written in several ways that look the same. SASLprep (RFC 4013) makes one of
 * them; ASCII stays as it is.
 */
#ifndef POP3_SASLPREP_H
#define POP3_SASLPREP_H

#include "bytes.h"

enum saslprep {
	SASLPREP_STORED, /* what is kept: no code points that Unicode 3.2 does
			    not know */
	SASLPREP_QUERY,	 /* what a client says: these, too (RFC 3454 section 7)
			  */
};

/*
 * Add to b what text is when it is prepared. Returns 0, or -1 when it cannot
 * be: it is no UTF-8, has a NUL or a character that nobody can mean, mixes
 * directions, or nothing is left of it. Also -1 when memory is out.
 */
int saslprep(struct slice text, enum saslprep as, struct buf *b);

#endif
