/* SPDX-License-Identifier: MIT */
/*
 * What is asked of a server before the first scenario and between two: what it
 * can do, and whether it is there.
 */
#ifndef JUDGE_ABILITIES_H
#define JUDGE_ABILITIES_H

#include "climb.h"

/*
 * Learn what the server offers: the timestamp of its greeting, CAPA in both
 * states, TOP and UIDL by trying them. Without an account only what shows
 * before login. The maildrop may hold anything; nothing of it is retrieved.
 * s borrows a from now on, and knows how its account logs in. Returns 0, or -1
 * and o when nobody can connect or log in.
 */
int abilities_learn(struct stage *s, struct abilities *a, struct obstacle *o);
void abilities_free(struct abilities *a);

/* Whether a server is there, whatever else it does. */
enum sanity {
	SANITY_WELL = 0, /* it greets: -ERR is said by somebody, too */
	SANITY_REFUSES,  /* it accepts, and closes without a greeting */
	SANITY_GONE,     /* no connection, or nothing comes */
};

/*
 * The sanity dialogue: a greeting. QUIT is said for politeness, and judged
 * elsewhere. All but SANITY_WELL fill o.
 */
enum sanity sanity_check(struct stage *s, struct obstacle *o);

/*
 * A server of TLS waits for its client to begin, as long as we wait for its
 * greeting. Begin as a client of TLS does, and say in o when it answers so, or
 * for how long nothing came then.
 */
void ask_for_tls(struct stage *s, struct obstacle *o);

#endif
