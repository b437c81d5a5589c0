/* SPDX-License-Identifier: MIT */
#include "policies.h"

int policies_delay_user(struct policies *p, struct slice user, unsigned delay,
			struct error *e)
{
	if (p->delay_count == POLICIES_USERS)
		return error_set(e, "more than %d users", POLICIES_USERS);
	p->delays[p->delay_count].user = user;
	p->delays[p->delay_count++].delay = delay;
	return 0;
}

unsigned policies_delay(const struct policies *p, struct slice user)
{
	for (size_t i = p->delay_count; i-- > 0;)
		if (slice_equal(p->delays[i].user, user))
			return p->delays[i].delay;
	return p->login_delay;
}

bool policies_too_soon(const struct policies *p, const struct logins *logins,
		       struct slice user, uint64_t now)
{
	return logins_too_soon(logins, user, now,
			       1000ull * policies_delay(p, user));
}

bool policies_refuse(const struct policies *p, const struct logins *logins,
		     struct session *s, uint64_t now)
{
	struct slice user = session_credentials(s)->user;

	session_login_delay(s, policies_delay(p, user));
	if (!policies_too_soon(p, logins, user, now))
		return false;
	session_opened(s, MAILDROP_TOO_SOON, NULL);
	return true;
}

/* "The largest value which could be set for any user" (section 6.5). */
static unsigned longest_delay(const struct policies *p)
{
	unsigned longest = p->login_delay;

	for (size_t i = 0; i < p->delay_count; i++)
		if (p->delays[i].delay > longest)
			longest = p->delays[i].delay;
	return longest;
}

void policies_apply(const struct policies *p, struct session_config *config)
{
	config->login_delay = longest_delay(p);
	config->login_delay_differs = p->delay_count > 0;
	config->expire_days = p->expire_days;
	config->implementation_is_late = p->implementation_is_late;
	config->legacy_last = p->legacy_last;
	config->language = p->language;
}
