/* SPDX-License-Identifier: MIT */
#include "policies.h"

#include "user_name.h"

#include <stdlib.h>
#include <string.h>

#define MOST 1000000000 /* seconds or days */

static int read_number(const char *option, struct slice value, unsigned least,
		       unsigned *number, struct error *e)
{
	size_t i = 0;

	*number = 0;
	for (; i < value.len && value.ptr[i] >= '0' && value.ptr[i] <= '9' &&
	       *number <= MOST / 10;
	     i++)
		*number = 10 * *number + (unsigned)(value.ptr[i] - '0');
	if (value.len > 0 && i == value.len && *number >= least &&
	    *number <= MOST)
		return 0;
	return error_set(e, "--%s %.*s: not a number from %u to %d", option,
			 (int)value.len, value.ptr, least, MOST);
}

static int read_delay_of(struct policies *p, const char *option,
			 struct slice user, struct slice value, struct error *e)
{
	if (!user_name_allowed(user))
		return error_set(e, "--%s %.*s: a name is " USER_NAME_RULE,
				 option, (int)user.len, user.ptr);
	if (p->delay_count == POLICIES_USERS)
		return error_set(e, "--%s: more than %d users", option,
				 POLICIES_USERS);
	p->delays[p->delay_count].user = user;
	return read_number(option, value, 0,
			   &p->delays[p->delay_count++].delay, e);
}

static int read_delay(struct policies *p, const char *option, const char *value,
		      struct error *e)
{
	struct slice text = slice_str(value);
	size_t end = slice_find(text, '=');

	if (end == text.len)
		return read_number(option, text, 0, &p->login_delay, e);
	return read_delay_of(p, option, slice_first(text, end),
			     slice_from(text, end + 1), e);
}

static int read_language(struct policies *p, const char *option,
			 const char *value, struct error *e)
{
	if (language_lookup(slice_str(value), &p->language))
		return 0;
	return error_set(e, "--%s %s: not one of those that LANG lists", option,
			 value);
}

static int read_expire(struct policies *p, const char *option,
		       const char *value, struct error *e)
{
	return read_number(option, slice_str(value), 1, &p->expire_days, e);
}

static int read_last(struct policies *p, const char *option, const char *value,
		     struct error *e)
{
	(void)option;
	(void)value;
	(void)e;
	p->legacy_last = true;
	return 0;
}

static int read_late(struct policies *p, const char *option, const char *value,
		     struct error *e)
{
	(void)option;
	(void)value;
	(void)e;
	p->implementation_is_late = true;
	return 0;
}

int policies_read(struct policies *p, const char *option, const char *value,
		  struct error *e)
{
	static const struct {
		const char *option;
		int (*read)(struct policies *p, const char *option,
			    const char *value, struct error *e);
	} readers[] = {
		{ "expire", read_expire },
		{ "language", read_language },
		{ "last", read_last },
		{ "late-implementation", read_late },
		{ "login-delay", read_delay },
	};

	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
		if (strcmp(option, readers[i].option) == 0)
			return readers[i].read(p, option, value, e);
	return error_set(e, "--%s: no policy", option);
}

unsigned policies_delay(const struct policies *p, struct slice user)
{
	for (size_t i = p->delay_count; i-- > 0;)
		if (slice_equal(p->delays[i].user, user))
			return p->delays[i].delay;
	return p->login_delay;
}

bool policies_refuse(const struct policies *p, const struct logins *logins,
		     struct session *s, uint64_t now)
{
	struct slice user = session_credentials(s)->user;
	unsigned delay = policies_delay(p, user);

	session_login_delay(s, delay);
	if (!logins_too_soon(logins, user, now, 1000ull * delay))
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
