/* SPDX-License-Identifier: MIT */
#include "connection_log.h"

#include "log.h"
#include "plural.h"

#include <string.h>

static struct log *log_of(const struct connection *c)
{
	return c->all->config->log;
}

static bool is_told(const struct connection *c)
{
	return log_has_events(log_of(c));
}

static struct logfmt event(const struct connection *c, const char *what)
{
	struct logfmt l = log_event(what);

	logfmt_number(&l, "id", c->id);
	return l;
}

static void add_user(struct logfmt *l, const struct connection *c)
{
	if (c->user[0])
		logfmt_text(l, "user", slice_str(c->user));
}

static void add_address(struct logfmt *l, const struct connection *c)
{
	char text[ADDRESS_TEXT];

	logfmt_text(l, "from", slice_str(address_text(&c->from, text)));
}

void log_connected(const struct connection *c, bool implicit_tls)
{
	struct logfmt l;

	if (!is_told(c))
		return;
	l = event(c, "connection");
	add_address(&l, c);
	logfmt_text(&l, "tls", slice_str(implicit_tls ? "yes" : "no"));
	log_write(log_of(c), &l);
}

void log_refused(const struct connection *c, const char *why)
{
	struct logfmt l;

	if (!is_told(c))
		return;
	l = event(c, "refused");
	add_address(&l, c);
	logfmt_text(&l, "why", slice_str(why));
	log_write(log_of(c), &l);
}

/* A client's, which was verified; whose it is only if that is a user. */
static void add_certificate(struct logfmt *l, const struct connection *c)
{
	const struct tls_facts *tls = transport_facts(&c->transport);

	if (!tls || !tls->subject.len)
		return;
	logfmt_text(l, "certificate", slice_str("yes"));
	if (tls->common_name.len &&
	    (c->all->config->log_any_name ||
	     users_know(c->all->authority->users, tls->common_name)))
		logfmt_text(l, "certificate-user", tls->common_name);
}

void log_secured(const struct connection *c)
{
	const struct tls *tls = transport_tls_end(&c->transport);
	struct logfmt l;

	if (!is_told(c))
		return;
	l = event(c, "tls");
	logfmt_text(&l, "version", slice_str(tls_version(tls)));
	logfmt_text(&l, "cipher", slice_str(tls_cipher(tls)));
	add_certificate(&l, c);
	log_write(log_of(c), &l);
}

/* By what a client said who it is. */
static struct slice mechanism(const struct job *j)
{
	const struct auth_said *said = session_auth(j->session);
	const struct credentials *c = session_credentials(j->session);

	if (said->mechanism.len > 0)
		return said->mechanism;
	return slice_str(c->digest.ptr ? "APOP" : "PASS");
}

static const char *why_failed(const struct job *j)
{
	if (j->want != WANT_AUTH)
		return "credentials";
	if (job_login_in_trouble(j))
		return "temporary";
	if (j->sasl.other_host)
		return "another host";
	return j->sasl.why == REFUSED_RESPONSE ? "malformed" : "credentials";
}

static void log_failed_login(const struct connection *c, uint64_t delay)
{
	struct logfmt l = event(c, "login-failed");
	const struct job *j = &c->job;

	if (j->user[0])
		logfmt_text(&l, "user", slice_str(j->user));
	logfmt_text(&l, "mechanism", mechanism(j));
	if (slice_is(mechanism(j), "EXTERNAL"))
		add_certificate(&l, c);
	logfmt_text(&l, "why", slice_str(why_failed(j)));
	if (delay > 0)
		logfmt_number(&l, "delay-ms", delay);
	log_write(log_of(c), &l);
}

static void log_opened(const struct connection *c)
{
	static const char *const how[] = {
		[MAILDROP_IN_USE] = "in use",
		[MAILDROP_BROKEN] = "broken",
		[MAILDROP_BUSY] = "busy",
	};
	const struct job *j = &c->job;
	bool opened = j->how == MAILDROP_OPENED;
	struct logfmt l = event(c, opened ? "login" : "login-failed");

	if (j->user[0])
		logfmt_text(&l, "user", slice_str(j->user));
	logfmt_text(&l, "mechanism", mechanism(j));
	if (opened) {
		logfmt_number(&l, "messages", j->messages);
		logfmt_number(&l, "octets", j->octets);
	} else {
		logfmt_text(&l, "why", slice_str(how[j->how]));
	}
	log_write(log_of(c), &l);
}

/* No thread is asked for it; but its user has proved who he is. */
void log_too_soon(const struct connection *c)
{
	struct logfmt l;

	if (!is_told(c))
		return;
	l = event(c, "login-failed");
	logfmt_text(&l, "user", session_credentials(c->session)->user);
	logfmt_text(&l, "mechanism", mechanism(&c->job));
	logfmt_text(&l, "why", slice_str("too soon"));
	log_write(log_of(c), &l);
}

static void log_login_trouble(const struct connection *c)
{
	const struct job *j = &c->job;
	struct logfmt l = event(c, "error");

	if (j->user[0])
		logfmt_text(&l, "user", slice_str(j->user));
	logfmt_text(&l, "text", slice_str(j->error.text));
	log_complain_line(log_of(c), &l, j->error.text);
}

/* Where it is, if it is on a disk. */
static void add_maildrop(struct logfmt *l, const struct connection *c,
			 const char *user)
{
	const char *place = c->all->config->store->place;
	struct error path;

	if (!place || !user[0])
		return;
	error_set(&path, "%s/%s", place, user);
	logfmt_text(l, "maildrop", slice_str(path.text));
}

/*
 * A store that has a reason from the system says "USER: NAME: REASON" of a file
 * of the maildrop, and "USER: REASON" of all of it.
 */
static void add_first(struct logfmt *l, const struct job *j)
{
	const char *why = strerror(j->error.reason);
	struct slice of = slice_str(j->error.text);

	if (!j->error.reason || !slice_ends(of, why))
		return;
	of = slice_first(of, of.len - strlen(why));
	if (slice_starts(of, j->user))
		of = slice_from(of, strlen(j->user));
	if (of.len > strlen(": : "))
		logfmt_text(l, "first",
			    slice_from(slice_first(of, of.len - 2), 2));
	logfmt_text(l, "why", slice_str(why));
}

static void log_not_opened(const struct connection *c)
{
	const struct job *j = &c->job;
	struct logfmt l = event(c, "error");

	logfmt_text(&l, "user", slice_str(j->user));
	logfmt_text(&l, "text", slice_str(j->error.text));
	add_maildrop(&l, c, j->user);
	add_first(&l, j);
	log_complain_line(log_of(c), &l, j->error.text);
}

/* What is left is told by the first of it, as far as the store tells. */
static void log_not_removed(const struct connection *c)
{
	static const struct unremoved unknown;
	const struct unremoved *first = session_maildrop(c->session)->left;
	const size_t count = c->job.still_there;
	struct logfmt l = event(c, "error");
	struct error text, whole;

	if (!first)
		first = &unknown;
	error_set(&text, "%zu deleted message%s not removed", count,
		  plural(count));
	error_set(&whole, "%s: %s, first %s: %s", c->user, text.text,
		  first->name, first->why.text);
	add_user(&l, c);
	logfmt_text(&l, "text", slice_str(text.text));
	add_maildrop(&l, c, c->user);
	logfmt_number(&l, "count", count);
	logfmt_text(&l, "first", slice_str(first->name));
	logfmt_text(&l, "why", slice_str(first->why.text));
	log_complain_line(log_of(c), &l, whole.text);
}

static void log_trouble(const struct connection *c)
{
	const struct job *j = &c->job;

	if (job_login_in_trouble(j))
		log_login_trouble(c);
	if (j->want == WANT_OPEN &&
	    (j->how == MAILDROP_BROKEN || j->how == MAILDROP_BUSY))
		log_not_opened(c);
	if (j->want == WANT_UPDATE && j->still_there > 0)
		log_not_removed(c);
}

static void log_updated(const struct connection *c)
{
	struct logfmt l = event(c, "update");
	const struct job *j = &c->job;

	add_user(&l, c);
	logfmt_number(&l, "removed", j->marked - j->still_there);
	logfmt_number(&l, "failed", j->still_there);
	logfmt_number(&l, "left", j->messages - (j->marked - j->still_there));
	log_write(log_of(c), &l);
}

void log_job(const struct connection *c, uint64_t delay)
{
	log_trouble(c);
	if (!is_told(c))
		return;
	if (job_login_failed(&c->job) || job_login_in_trouble(&c->job))
		log_failed_login(c, delay);
	else if (c->job.want == WANT_OPEN)
		log_opened(c);
	else if (c->job.want == WANT_UPDATE)
		log_updated(c);
}

void log_autologout(const struct connection *c)
{
	struct logfmt l;

	if (!is_told(c))
		return;
	l = event(c, "autologout");
	add_user(&l, c);
	log_write(log_of(c), &l);
}

void log_closed(const struct connection *c)
{
	const struct tls *tls = transport_tls_end(&c->transport);
	struct logfmt l;

	if (!is_told(c))
		return;
	l = event(c, "closed");
	add_user(&l, c);
	logfmt_text(&l, "why", slice_str(c->why));
	if (tls && tls_why(tls))
		logfmt_text(&l, "tls", slice_str(tls_why(tls)));
	logfmt_number(&l, "commands", c->lines);
	logfmt_number(&l, "in", c->transport.octets_in);
	logfmt_number(&l, "out", c->transport.octets_out);
	logfmt_ms(&l, "seconds", connection_now(c) - c->born);
	log_write(log_of(c), &l);
}
