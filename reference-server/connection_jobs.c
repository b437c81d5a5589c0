/* SPDX-License-Identifier: MIT */
#include "connection_log.h"

#include <string.h>

void connection_answer(struct connection *c)
{
	struct job *j = &c->job;

	c->doing = WAITING;
	connection_tick(c);
	if (j->want == WANT_OPEN && j->how == MAILDROP_OPENED) {
		c->logged_in = true;
		memcpy(c->user, j->user, sizeof(c->user));
		logins_note(&c->all->logins,
			    session_credentials(c->session)->user,
			    connection_now(c));
	}
	job_answer(j);
}

/*
 * A login failed: how long its answer waits, in ms. The more of one client or
 * place fail, the longer; nobody else waits for it.
 */
static uint64_t punish(struct connection *c)
{
	const struct client_limits *l = connection_limits(c);
	unsigned lately;

	c->failures++;
	if (!c->limited)
		return 0;
	lately = places_fail(c->all->places, &c->from, connection_now(c));
	if (l->failures > 0 && c->failures >= l->failures)
		c->dismissed = "too many failed logins";
	return client_limits_delay(l,
				   lately > c->failures ? lately : c->failures);
}

static void on_job_done(struct job *j, bool fine)
{
	struct connection *c = j->owner;
	uint64_t delay = fine && job_login_failed(j) ? punish(c) : 0;

	if (fine)
		log_job(c, delay);
	c->doing = WAITING;
	if (fine && delay > 0 && !c->closing) {
		c->doing = HOLDING;
		c->hold_until = connection_now(c) + delay;
		connection_proceed(c);
		return;
	}
	if (fine)
		connection_answer(c);
	if (c->closing)
		connection_forget(c);
	else if (fine)
		connection_proceed(c);
	else
		connection_close(c, "server ends");
}

/* PASS or APOP; and who is let in is not refused for coming too soon. */
static bool will_open(const struct connection *c)
{
	const struct credentials *who = session_credentials(c->session);

	return session_want(c->session) == WANT_VERIFY &&
	       (who->password.ptr || who->digest.ptr) &&
	       !policies_too_soon(&c->all->config->policies, &c->all->logins,
				  who->user, connection_now(c));
}

static void prepare_job(struct connection *c)
{
	c->job = (struct job){
		.config = c->all->config,
		.session = c->session,
		.tls = transport_facts(&c->transport),
		.opens = will_open(c),
		.done = on_job_done,
		.owner = c,
		.authority = c->job.authority,
		.exchange = c->job.exchange,
	};
}

bool connection_start_job(struct connection *c)
{
	if (!c->job.opened)
		prepare_job(c);
	if (job_at_once(&c->job)) {
		log_job(c, 0);
		connection_answer(c);
		return true;
	}
	job_take_authority(&c->job, c->all->authority);
	c->doing = WORKING;
	if (job_start(&c->job, c->all->loop) == 0)
		return false;
	c->doing = WAITING;
	connection_close(c, "out of memory");
	return false;
}
