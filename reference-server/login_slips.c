/* SPDX-License-Identifier: MIT */
/*
 * What a defective server makes of a login whose password or digest the outside
 * has judged. Most of it shows in a certain order of logins only.
 */
#include "session_state.h"

static bool is_apop(const struct session *s)
{
	return s->credentials.digest.ptr != NULL;
}

static bool is_second_try(const struct session *s)
{
	return s->failed_logins > 0;
}

static bool is_third_try(const struct session *s)
{
	return s->failed_logins > 1;
}

static bool is_fourth_try(const struct session *s)
{
	return s->failed_logins > 2;
}

static bool is_apop_behind_pass(const struct session *s)
{
	return is_apop(s) && s->failed_logins > s->failed_apops;
}

static bool is_second_apop(const struct session *s)
{
	return is_apop(s) && s->failed_apops;
}

static bool is_short_digest(const struct session *s)
{
	return is_apop(s) && s->credentials.digest.len < 32;
}

static bool is_apop_in_lower_case(const struct session *s)
{
	return is_apop(s) && s->login_lower_case;
}

static bool is_password_again(const struct session *s)
{
	return !is_apop(s) && s->password_again;
}

static const struct slip {
	enum switch_name name;
	bool (*when)(const struct session *s);
	bool then; /* is the login right */
} slips[] = {
	{ DEFECT_NO_SECOND_TRY, is_second_try, false },
	{ DEFECT_NO_THIRD_TRY, is_third_try, false },
	{ DEFECT_FOURTH_TRY_GETS_IN, is_fourth_try, true },
	{ DEFECT_PASS_AGAIN_GETS_IN, is_password_again, true },
	{ DEFECT_APOP_ANY_DIGEST, is_apop, true },
	{ DEFECT_APOP_SHORT_DIGEST, is_short_digest, true },
	{ DEFECT_APOP_IN_LOWER_CASE, is_apop_in_lower_case, true },
	{ DEFECT_APOP_BEHIND_PASS, is_apop_behind_pass, false },
	{ DEFECT_APOP_ONCE, is_second_apop, false },
};

bool login_slips(const struct session *s, bool right)
{
	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++)
		if (switched(s, slips[i].name) && slips[i].when(s))
			return slips[i].then;
	return right;
}
