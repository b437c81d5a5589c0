/* SPDX-License-Identifier: MIT */
/* When a scenario does not apply: by the server's word, the target's or ours. */
#include "play_internal.h"
#include "redact.h"

#include <string.h>

#define ARGUMENT_LIMIT 40 /* characters, RFC 1939 section 3 */
#define BEHIND 2          /* that a scenario puts behind a password */

static bool skip(struct buf *why, const char *text)
{
	buf_add_str(why, text);
	return true;
}

/*
 * A server that deletes what was downloaded may limit TOP (RFC 1939 section 8):
 * that it works in some form says nothing about the others.
 */
static bool works_unannounced(const struct abilities *a, const char *need)
{
	if (!strcmp(need, "TOP"))
		return a->top && !ability_announced(a, "EXPIRE 0");
	return !strcmp(need, "UIDL") && a->uidl;
}

static bool has(const struct stage *stage, const char *need)
{
	const struct abilities *a = stage->abilities;

	if (!strncmp(need, "account: ", 9))
		return stage->account && account_has(stage->account, need + 9);
	if (!strcmp(need, "USER"))
		return stage->login == LOGIN_BY_PASS;
	if (!a)
		return true;
	if (!strcmp(need, "greeting timestamp"))
		return a->timestamp;
	if (!strcmp(need, "CAPA"))
		return a->capa;
	return ability_announced(a, need) || works_unannounced(a, need);
}

static bool lacks(const struct scenario *s, const struct stage *stage,
		  struct buf *why)
{
	for (size_t i = 0; i < s->need_count; i++) {
		if (has(stage, s->needs[i]))
			continue;
		if (!strncmp(s->needs[i], "account", 7))
			buf_printf(why, "the target names no %s",
				   s->needs[i]);
		else
			buf_printf(why, "the server does not offer: %s",
				   s->needs[i]);
		return true;
	}
	return false;
}

static bool compares_answer(const struct answer *a)
{
	return a->body == BODY_MESSAGE && strcmp(a->message, ANY_OTHER);
}

static int compares(const struct step *step, void *with)
{
	(void)with;
	for (size_t i = 0; i < step->answer_count; i++)
		if (compares_answer(&step->answers[i]))
			return 1;
	return 0;
}

/* Somebody's maildrop: nothing that could remove, lock out or alarm. */
static bool is_not_look_only(const struct scenario *s, struct buf *why)
{
	if (s->maildrop)
		return skip(why, "look-only: needs a maildrop that we filled");
	if (scenario_sends(s, "DELE"))
		return skip(why, "look-only: would delete");
	if (scenario_sends(s, "RETR") && scenario_sends(s, "QUIT"))
		return skip(why, "look-only: a site may delete what was "
				 "retrieved");
	if (scenario_guesses(s))
		return skip(why, "look-only: would fail to log in with a real "
				 "name");
	return false;
}

/* Ours say what they do with it; of a stranger's nobody has looked. */
static bool gives_away(const struct scenario *s, const struct stage *stage,
		       struct buf *why)
{
	if (!s->foreign || !stage->exposed ||
	    (!scenario_uses(s, "password") &&
	     !scenario_uses(s, "shorter password") &&
	     !scenario_uses(s, "other password")))
		return false;
	return skip(why, "a stranger's scenario that would send the password "
			 "in clear to another machine");
}

static int logs_in(const struct step *step, void *unused)
{
	(void)unused;
	return step->kind == STEP_LOGIN ||
	       (step->kind == STEP_NEW_SESSION &&
		step->state == STATE_TRANSACTION);
}

bool play_wants_account(const struct scenario *s)
{
	static const char *const names[] = { "user", "password",
					     "wrong password", "shorter password",
					     "other password", "secret" };

	if (s->start == STATE_TRANSACTION || s->maildrop ||
	    scenario_walk(s, logs_in, NULL))
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (scenario_uses(s, names[i]))
			return true;
	for (size_t i = 0; i < s->need_count; i++)
		if (!strncmp(s->needs[i], "account", 7))
			return true;
	return false;
}

bool play_needs_special(const struct scenario *s)
{
	for (size_t i = 0; i < s->need_count; i++)
		if (!strncmp(s->needs[i], "account: ", 9) &&
		    trait_is_special(s->needs[i] + 9))
			return true;
	return false;
}

/* The right password with more behind it is to be refused as another one. */
static bool can_be_longer(const struct scenario *s, const struct account *a)
{
	return !scenario_lengthens_password(s) || play_needs_special(s) ||
	       !a->password ||
	       (strlen(a->password) + BEHIND <= ARGUMENT_LIMIT &&
		!strchr(a->password, ' '));
}

/* The wrong passwords that it takes can be made, and are to be refused. */
static bool can_guess(const struct scenario *s, const struct account *a)
{
	if (scenario_uses(s, "shorter password") && !account_can_be_shorter(a))
		return false;
	return !scenario_uses(s, "other password") ||
	       (a->other_password && password_is_plain(a->password));
}

bool play_suits(const struct scenario *s, const struct account *account)
{
	for (size_t i = 0; i < s->need_count; i++)
		if (!strncmp(s->needs[i], "account: ", 9) &&
		    !account_has(account, s->needs[i] + 9))
			return false;
	return can_be_longer(s, account) && can_guess(s, account);
}

static bool is_too_much(const struct scenario *s, const struct stage *stage,
			struct buf *why)
{
	const char *what = stage->gentle ? scenario_aggression(s) : NULL;

	if (what)
		buf_printf(why, "%s: played with --aggressive", what);
	return what;
}

bool play_skips(const struct scenario *s, const struct stage *stage,
		struct buf *why)
{
	if (play_wants_account(s) && !stage->account)
		return skip(why, "needs an account");
	if (gives_away(s, stage, why))
		return true;
	if (stage->look_only && is_not_look_only(s, why))
		return true;
	if (is_too_much(s, stage, why))
		return true;
	if (!stage->delivers && scenario_delivers(s, NULL))
		return skip(why, CANNOT_DELIVER);
	if (!stage->exact && scenario_walk(s, compares, NULL))
		return skip(why, "the target's store changes messages");
	if (lacks(s, stage, why))
		return true;
	if (stage->account && !can_be_longer(s, stage->account))
		return skip(why, "no account has a password of 38 octets at "
				 "most without a space, that could be longer");
	if (stage->account && !can_guess(s, stage->account))
		return skip(why, scenario_uses(s, "other password")
				  ? "no two accounts have passwords that differ, "
				    "of 40 octets at most without a space"
				  : "no account has a password of 4 to 40 "
				    "octets without a space");
	return false;
}
