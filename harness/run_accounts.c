/* SPDX-License-Identifier: MIT */
/* Which accounts of the target are used, where not all can be. */
#include "run_internal.h"

/* That scenarios ask for; and none of the special ones. */
static const char *const kinds[] = { "apop", "40-octet-password",
				     "space-in-password", NULL };

#define KINDS (sizeof(kinds) / sizeof(*kinds))

static bool is_of_kind(const struct target_account *t, const char *kind)
{
	struct account a = { .user = t->user, .password = t->password };

	if (t->secret || target_account_has(t, "apop"))
		a.secret = t->secret ? t->secret : t->password;
	return kind ? account_has(&a, kind) : !account_is_special(&a);
}

/* Its bit for each of the kinds. */
static unsigned kinds_of(const struct target_account *a)
{
	unsigned of = 0;

	for (size_t i = 0; i < KINDS; i++)
		if (is_of_kind(a, kinds[i]))
			of |= 1u << i;
	return of;
}

size_t run_choose_accounts(const struct target *t, size_t jobs, size_t *chosen)
{
	unsigned seen = 0;
	size_t count = 0;

	for (size_t i = 0; i < t->account_count; i++) {
		unsigned of = kinds_of(&t->accounts[i]);

		if (i >= jobs && !(of & ~seen))
			continue;
		seen |= of;
		if (chosen)
			chosen[count] = i;
		count++;
	}
	return count;
}
