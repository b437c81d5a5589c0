/* SPDX-License-Identifier: MIT */
/*
 * Keeps secrets out of what people read: the value of each secret binding,
 * whoever sent it, stands under its name: {password}.
 */
#ifndef JUDGE_REDACT_H
#define JUDGE_REDACT_H

#include "pattern.h"
#include "stage.h"

/* Append octets, visible. secrets may be NULL: none. */
void redacted_add(struct buf *to, struct slice octets,
		  const struct bindings *secrets);

/* The same for text that is visible already. */
void redact(struct buf *text, const struct bindings *secrets);

/*
 * Bind {user}, {password}, {wrong password}, {shorter password}, {other
 * password} and {secret} of a, as far as it has them; NULL: none.
 */
void account_bind(struct bindings *b, const struct account *a);

/* Has it a {shorter password}? */
bool account_can_be_shorter(const struct account *a);

#endif
