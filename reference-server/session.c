/* SPDX-License-Identifier: MIT */
/*
 * How a POP3 session goes (RFC 1939):
 *
 *	S: +OK POP3 server ready              The server speaks first.
 *	C: USER mrose                         AUTHORIZATION: who is it?
 *	S: +OK send your password             Each command gets one reply.
 *	C: PASS tanstaaf
 *	S: +OK mrose's maildrop has 2 messages (320 octets)
 *	C: RETR 1                             TRANSACTION: fetch and mark.
 *	S: +OK 120 octets                     Some replies have a body, too.
 *	S: (the message)                      A line of it is never "." alone:
 *	S: .                                  that is its end.
 *	C: DELE 1                             Only marked: who hangs up now
 *	S: +OK message 1 deleted              has deleted nothing.
 *	C: QUIT                               UPDATE: now it is removed.
 *	S: +OK dewey POP3 server signing off (1 message left)
 *
 * Each command goes one way: session_feed() collects a line (command.c), the
 * table in verbs.c finds its handler, the handler fills a reply, and render.c
 * writes it for session_output(). Each state has its file: authorization.c,
 * transaction.c, update.c. This one keeps the clock and the order of things.
 */
#include "verbs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char constant_timestamp[] = "<1896.697170952@dbc.mtview.ca.us>";

/* What goes wrong now and then goes wrong on each third connection. */
static bool is_third(const struct session *s, enum switch_name name)
{
	return switched(s, name) && s->config.number &&
	       s->config.number % 3 == 0;
}

static bool is_second(const struct session *s, enum switch_name name)
{
	return switched(s, name) && s->config.number &&
	       s->config.number % 2 == 0;
}

static void choose_timestamp(struct session *s)
{
	const char *timestamp = s->config.timestamp;
	char *at;

	if (s->config.earlier)
		snprintf(s->earlier, sizeof(s->earlier), "%s",
			 s->config.earlier);
	if (!timestamp || switched(s, ODDITY_MINIMAL) ||
	    is_third(s, DEFECT_TIMESTAMP_MISSING))
		return;
	if (switched(s, DEFECT_TIMESTAMP_CONSTANT))
		timestamp = constant_timestamp;
	if (is_second(s, DEFECT_TIMESTAMPS_IN_PAIRS) && s->earlier[0])
		timestamp = s->earlier;
	snprintf(s->timestamp, sizeof(s->timestamp), "%s", timestamp);
	if (switched(s, DEFECT_TIMESTAMP_WITHOUT_DOMAIN) &&
	    strchr(s->timestamp, '@'))
		memcpy(strchr(s->timestamp, '@'), ">", 2);
	at = strchr(s->timestamp, '@');
	if (at && switched(s, DEFECT_TIMESTAMP_WITHOUT_LEFT))
		memmove(s->timestamp + 1, at, strlen(at) + 1);
}

static const char *before_timestamp(const struct session *s)
{
	return switched(s, ODDITY_BRACKETS_BEFORE_TIMESTAMP) ? "<at last> "
							     : "";
}

static const char *behind_timestamp(const struct session *s)
{
	if (switched(s, ODDITY_BRACKETS_BEHIND_TIMESTAMP))
		return " mail <fun>";
	return switched(s, DEFECT_TIMESTAMP_TWICE) ? s->timestamp : "";
}

static void greet(struct session *s)
{
	struct reply r = { 0 };

	if (switched(s, DEFECT_GREETING_OF_TWO_LINES)) {
		reply_ok(&r, "one moment, please");
		session_answer(s, &r);
	}
	if (!s->timestamp[0])
		reply_ok(&r, "POP3 server ready");
	else if (switched(s, ODDITY_BARE_STATUS))
		reply_data(&r, "%s", s->timestamp);
	else
		reply_ok(&r, "POP3 server ready %s%s%s", before_timestamp(s),
			 s->timestamp, behind_timestamp(s));
	session_answer(s, &r);
}

/* The greeting is the answer to a client that connects. */
static void welcome(struct session *s)
{
	s->greeted = true;
	if (!session_acts(s, slice_str(DOUBLE_CONNECT), greet))
		greet(s);
}

struct session *session_new(const struct session_config *config, uint64_t now)
{
	struct session *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->config = *config;
	s->state = AUTHORIZATION;
	s->want = WANT_INPUT;
	s->born = s->now = s->active = now;
	s->login_delay = config->login_delay;
	s->render = render_new(&s->config.switches);
	if (config->output)
		s->render.collects = config->output;
	s->render.without_codes = !verbs_available(s, verb_capa);
	choose_timestamp(s);
	s->config.earlier = NULL;
	if (!is_third(s, DEFECT_GREETING_FORGOTTEN))
		welcome(s);
	if (is_third(s, DEFECT_SESSION_USED_AGAIN))
		s->state = TRANSACTION;
	return s;
}

void session_free(struct session *s)
{
	if (!s)
		return;
	if (s->maildrop && switched(s, DEFECT_LOCK_OUTLIVES_SESSION))
		s->maildrop->lock_stays = true;
	if (s->maildrop && !s->ended && switched(s, DEFECT_RESET_REMOVES))
		s->maildrop->ops->remove(s->maildrop, s->marked);
	session_close_maildrop(s);
	if (s->leaked)
		s->leaked->ops->close(s->leaked);
	render_free(&s->render);
	buf_free(&s->looked_at);
	free(s->reply_later);
	line_wipe(&s->line);
	auth_close(s);
	free(s);
}

void session_close_maildrop(struct session *s)
{
	if (s->maildrop) {
		if (s->state == TRANSACTION)
			s->maildrop->marks_left = s->marked;
		s->maildrop->ops->close(s->maildrop);
	}
	free(s->marked);
	s->maildrop = NULL;
	s->marked = NULL;
	s->state = AUTHORIZATION;
}

void session_resume(struct session *s)
{
	s->want = s->ended ? WANT_CLOSE : WANT_INPUT;
}

/* Any command that comes starts the autologout timer anew (section 3). */
static void restart_timer(struct session *s)
{
	if (s->state == TRANSACTION && switched(s, DEFECT_AUTOLOGOUT_FIXED))
		return;
	s->active = s->now;
}

static void obey_line(struct session *s)
{
	bool is_full = s->line.len == COMMAND_OCTETS - 2;
	struct reply r = { 0 };

	if (s->line.bare && switched(s, ODDITY_LF_LINES_REFUSED))
		reply_err(&r, "unknown command");
	else
		verbs_obey(s, &s->line, &r);
	session_answer(s, &r);
	if (is_full && switched(s, DEFECT_FULL_LINE_IS_TWO))
		session_answer(s, &r);
}

static void obey(struct session *s)
{
	session_misread(s);
	restart_timer(s);
	if (!session_acts(s, line_text(&s->line), obey_line))
		obey_line(s);
}

static bool takes_input(const struct session *s)
{
	if (s->want != WANT_INPUT || s->ended || s->is_refusing || s->held)
		return false;
	return !render_is_full(&s->render) ||
	       switched(s, DEFECT_PIPELINED_RETR_CUT);
}

/* What it had marked stays: this is no UPDATE. True when the session ends. */
static bool gives_way(struct session *s)
{
	if (!switched(s, ODDITY_NEWEST_SESSION_STAYS) || !s->maildrop ||
	    !s->maildrop->taken || s->want != WANT_INPUT)
		return false;
	session_close_maildrop(s);
	s->want = WANT_CLOSE;
	return true;
}

/* A response in a SASL exchange is a line, but no command. */
static size_t feed_response(struct session *s, struct slice octets)
{
	struct reply r = { 0 };
	bool complete;
	size_t taken = auth_feed(s, octets, &complete);

	if (!complete)
		return taken;
	restart_timer(s);
	auth_respond(s, &r);
	session_answer(s, &r);
	return taken;
}

static size_t feed_line(struct session *s, struct slice octets)
{
	struct slice part = session_line_part(s, octets);
	size_t taken = line_feed(&s->line, part, session_line_grammar(s));

	taken += session_end_line(s, part, octets, taken);
	if (!s->line.complete)
		return taken;
	obey(s);
	return switched(s, DEFECT_PIPELINED_INPUT_DROPPED) ? octets.len : taken;
}

size_t session_feed(struct session *s, struct slice octets)
{
	size_t taken = 0, commands = 0;

	if (!s->greeted && octets.len)
		welcome(s);
	if (s->is_ending || session_cuts_body(s, octets) || gives_way(s))
		return octets.len;
	while (taken < octets.len && takes_input(s)) {
		struct slice left = slice_from(octets, taken);
		unsigned errors = s->errors;

		taken += auth_is_open(s) ? feed_response(s, left)
					 : feed_line(s, left);
		if (s->is_ending || session_loses_rest(s, errors, &commands))
			return octets.len;
	}
	return taken;
}

void session_end_of_input(struct session *s)
{
	bool cut = s->line.len && !s->line.complete;

	if (cut && takes_input(s) && switched(s, DEFECT_QUIT_WITHOUT_CRLF))
		obey(s);
	s->ended = true;
	if (s->is_refusing)
		session_refuse_now(s);
	if (s->want != WANT_INPUT || s->held)
		return;
	if (s->maildrop && session_end_removes(s))
		session_update(s);
	else
		s->want = WANT_CLOSE;
}

struct slice session_output(struct session *s)
{
	struct slice out = render_output(&s->render);

	if (render_is_broken(&s->render) && s->want == WANT_INPUT)
		s->want = WANT_CLOSE;
	return slice_first(out,
			   switched(s, ODDITY_ONE_OCTET_OUTPUT) ? 1 : out.len);
}

/* All was sent: who is idle holds no buffer. */
static void rest(struct session *s)
{
	buf_free(&s->looked_at);
	if (s->maildrop && s->maildrop->ops->stop)
		s->maildrop->ops->stop(s->maildrop);
}

void session_sent(struct session *s, size_t octets)
{
	render_sent(&s->render, octets);
	if (!render_is_waiting(&s->render))
		rest(s);
	if (octets)
		restart_timer(s);
}

enum ending session_ending(const struct session *s)
{
	if (s->timed_out)
		return ENDED_BY_TIME;
	if (s->finished)
		return ENDED_BY_QUIT;
	return s->ended ? ENDED_BY_CLIENT : ENDED_BY_SERVER;
}

enum want session_want(const struct session *s)
{
	return s->want;
}
