/* SPDX-License-Identifier: MIT */
#include "climb.h"
#include "redact.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

void obstacle_free(struct obstacle *o)
{
	buf_free(&o->why);
}

int obstacle_set(struct obstacle *o, enum outcome outcome,
		 const char *requirement, const char *why)
{
	o->outcome = outcome;
	o->requirement = requirement;
	o->result = TALK_REPLY;
	buf_clear(&o->why);
	buf_add_str(&o->why, why);
	return -1;
}

int obstacle_from(struct obstacle *o, const struct talk *t,
		  enum talk_result result, const char *requirement,
		  const char *why)
{
	enum outcome outcome = OUTCOME_BLOCKED;

	if (result == TALK_FAILED || result == TALK_FORBIDDEN)
		outcome = OUTCOME_ERROR;
	if (result == TALK_CANCELLED)
		outcome = OUTCOME_NOTRUN;
	obstacle_set(o, outcome, requirement, why);
	o->result = result;
	buf_add_str(&o->why, ": ");
	talk_result_explain(t, result, t->waited, &o->why);
	return -1;
}

void obstacle_note_tls(struct obstacle *o, const struct talk *t)
{
	struct slice line = buf_slice(&t->reader.reply.line);

	/* RFC 8446 section 5.1: a type, then 3 for every version there is. */
	if (line.len > 1 && line.ptr[0] >= 0x14 && line.ptr[0] <= 0x17 &&
	    line.ptr[1] == 3)
		buf_add_str(&o->why, "; this looks like TLS: pop3spec speaks to "
				     "a port in clear");
}

void apop_digest(const char *timestamp, const char *secret, char digest[33])
{
	unsigned char md5[EVP_MAX_MD_SIZE] = { 0 };
	EVP_MD_CTX *c = EVP_MD_CTX_new();

	if (c && EVP_DigestInit_ex(c, EVP_md5(), NULL)) {
		EVP_DigestUpdate(c, timestamp, strlen(timestamp));
		EVP_DigestUpdate(c, secret, strlen(secret));
		EVP_DigestFinal_ex(c, md5, NULL);
	}
	EVP_MD_CTX_free(c);
	for (size_t i = 0; i < 16; i++)
		snprintf(digest + 2 * i, 3, "%02x", md5[i]);
}

static enum talk_result ask(struct talk *t, struct buf *line, enum wait w)
{
	uint64_t ms = stage_wait(t->stage, w);
	enum talk_result result;

	buf_add_str(line, "\r\n");
	result = talk_send(t, buf_slice(line));
	if (result == TALK_REPLY)
		result = talk_reply(t, ms, (struct body_sink){ 0 });
	if (talk_gave_up(result))
		stage_wait_spent(t->stage, w);
	buf_clear(line);
	return result;
}

static bool answered_ok(const struct talk *t, enum talk_result result)
{
	return result == TALK_REPLY &&
	       t->reader.reply.status == STATUS_OK;
}

static enum talk_result login_by_pass(struct talk *t, struct buf *line)
{
	const struct account *a = t->stage->account;
	enum talk_result result;

	buf_printf(line, "USER %s", a->user);
	result = ask(t, line, WAIT_LOGIN);
	if (!answered_ok(t, result))
		return result;
	buf_printf(line, "PASS %s", a->password);
	return ask(t, line, WAIT_LOGIN);
}

static enum talk_result login_by_apop(struct talk *t, struct buf *line)
{
	const struct account *a = t->stage->account;
	char digest[33];

	apop_digest(t->timestamp, a->secret, digest);
	if (t->transcript->secrets)
		binding_set_secret(t->transcript->secrets, "APOP digest",
				   slice_str(digest));
	buf_printf(line, "APOP %s %s", a->user, digest);
	return ask(t, line, WAIT_LOGIN);
}

enum talk_result talk_log_in(struct talk *t)
{
	struct buf line = { 0 };
	enum talk_result result;

	if (t->stage->login == LOGIN_BY_APOP && t->stage->account->secret)
		result = login_by_apop(t, &line);
	else
		result = login_by_pass(t, &line);
	buf_free(&line);
	return result;
}

static int greet(struct talk *t, struct obstacle *o)
{
	uint64_t ms = stage_wait(t->stage, WAIT_GREETING);
	enum talk_result result;

	result = talk_reply(t, ms, (struct body_sink){ 0 });
	if (talk_gave_up(result))
		stage_wait_spent(t->stage, WAIT_GREETING);
	if (result != TALK_REPLY)
		obstacle_from(o, t, result, "RFC1939-3-NET-02", "no greeting");
	else if (t->state != STATE_AUTHORIZATION)
		obstacle_from(o, t, result, "RFC1939-4-02",
			      "the greeting is not positive");
	else
		return 0;
	obstacle_note_tls(o, t);
	/* Ruling C30: a session that was never begun judges nobody. */
	if (o->outcome == OUTCOME_BLOCKED)
		o->outcome = OUTCOME_ERROR;
	return -1;
}

static int cannot_log_in(const struct talk *t, enum talk_result result,
			 struct obstacle *o)
{
	struct buf why = { 0 };

	buf_add_str(&why, "cannot log in as ");
	redacted_add(&why, slice_str(t->stage->account->user), NULL);
	obstacle_from(o, t, result, "RFC1939-7-PASS-02", buf_text(&why));
	buf_free(&why);
	return -1;
}

int talk_climb(struct talk *t, enum state to, struct obstacle *o)
{
	enum talk_result result;

	if (to == STATE_TRANSACTION && !t->stage->account)
		return obstacle_set(o, OUTCOME_ERROR, "",
				    "no account to log in with");
	result = talk_connect(t);
	if (result != TALK_REPLY)
		return obstacle_from(o, t, result, "", "no connection");
	if (to == STATE_CONNECTED)
		return 0;
	if (greet(t, o))
		return -1;
	if (to == STATE_AUTHORIZATION)
		return 0;
	result = talk_log_in(t);
	if (t->state != STATE_TRANSACTION)
		return cannot_log_in(t, result, o);
	return 0;
}

/*
 * Another session may still have the maildrop, or too many clients be there.
 * A server that is not there, or says nothing, was waited for already.
 */
static bool may_pass(const struct talk *t, enum state to,
		     const struct obstacle *o)
{
	if (o->outcome == OUTCOME_NOTRUN || !t->wire)
		return false;
	if (t->state == STATE_CONNECTED)
		return t->greeted || t->ended;
	return o->outcome == OUTCOME_BLOCKED && to == STATE_TRANSACTION;
}

bool talk_says_later(const struct talk *t)
{
	static const char *const codes[] = { "[IN-USE]", "[LOGIN-DELAY]",
					     "[SYS/TEMP]" };
	struct slice text = reply_text(&t->reader.reply);

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (slice_is_nocase(slice_first(text, strlen(codes[i])),
				    codes[i]))
			return true;
	return false;
}

/* A plain refusal is more likely meant than a lock that lingers. */
static enum wait patience_with(const struct talk *t)
{
	return t->auth_failed && !talk_says_later(t) ? WAIT_UPDATE : WAIT_LOCK;
}

int talk_climb_patiently(struct talk *t, enum state to, struct obstacle *o)
{
	const struct stage_ops *ops = t->stage->ops;
	uint64_t began = ops->now(t->stage);
	uint64_t pause = 20;

	while (talk_climb(t, to, o)) {
		enum wait w = patience_with(t);

		if (!may_pass(t, to, o))
			return -1;
		if (ops->now(t->stage) + pause - began >
		    stage_wait(t->stage, w)) {
			stage_wait_spent(t->stage, w);
			return -1;
		}
		talk_drop(t);
		ops->pause(t->stage, pause);
		pause = pause < 500 ? pause * 2 : 1000;
	}
	return 0;
}
