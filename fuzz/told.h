/* SPDX-License-Identifier: MIT */
/* What must hold of all that the judge says, whatever it was shown. */
#ifndef FUZZ_TOLD_H
#define FUZZ_TOLD_H

#include "fuzz.h"
#include "rig.h"

/* What no verdict may hold. */
struct told_secrets {
	struct buf digest; /* of APOP, as the client sent it last */
};

/* Note what a client sends, any pieces of it. */
void told_hear(struct told_secrets *s, struct slice octets);

/*
 * A play of scenario (NULL: universal checks) on r came to its end and left
 * these verdicts: bounded, visible, and without r's password.
 */
void told_check(const struct findings *f, const struct scenario *scenario,
		const struct rig *r, const struct told_secrets *s);

#endif
