/* SPDX-License-Identifier: MIT */
#include "connection_defects.h"
#include "connection_log.h"

#define HANDSHAKE 30000 /* ms that one of TLS may take */

void connection_wrote(struct connection *c)
{
	c->doing = WAITING;
	if (c->session)
		session_sent(c->session, c->written);
	if (defect_loses_input(&c->all->config->switches))
		transport_take(&c->transport, SIZE_MAX);
}

/* Returns true when that is done. */
static bool write_octets(struct connection *c, struct slice octets)
{
	size_t len = defect_written(&c->all->config->switches, octets.len);

	c->doing = WRITING;
	c->written = octets.len;
	if (!transport_write(&c->transport, slice_first(octets, len)))
		return false;
	connection_wrote(c);
	return true;
}

/* The session is told that the client sends no more. Returns false later. */
static bool end_input(struct connection *c)
{
	if (c->told)
		return false;
	c->told = true;
	session_end_of_input(c->session);
	return true;
}

static bool is_paced(const struct connection *c)
{
	return c->limited && connection_limits(c)->commands > 0;
}

/* As much of input as the client may say by now. */
static struct slice lines_allowed(struct connection *c, struct slice input)
{
	size_t lines = LINES_A_TURN - c->turn, tokens;

	if (c->dismissed)
		return lines_first(input, 1); /* what ends its AUTH */
	if (!is_paced(c))
		return lines_first(
			input,
			defect_lines(&c->all->config->switches, lines));
	tokens = bucket_tokens(&c->commands, connection_limits(c)->commands,
			       connection_now(c));
	return lines_first(input, tokens < lines ? tokens : lines);
}

/* Returns false when the session took nothing. */
static bool feed_session(struct connection *c, struct slice input)
{
	struct slice lines = lines_allowed(c, input);
	size_t taken = 0, count;

	c->resting = lines.len == 0;
	if (lines.len > 0)
		taken = session_feed(c->session, lines);
	count = lines_count(slice_first(input, taken));
	c->lines += count;
	c->turn += count;
	if (is_paced(c))
		bucket_take(&c->commands, count);
	transport_take(&c->transport, taken);
	return taken > 0;
}

/* Returns false when there is nothing to tell the session. */
static bool feed(struct connection *c)
{
	struct transport *t = &c->transport;
	struct slice input = transport_input(t);

	if (input.len > 0)
		return feed_session(c, input);
	if (transport_ended(t))
		return end_input(c);
	if (transport_owes(t) || transport_tls(t) == TLS_BROKEN)
		return true;
	transport_listen(t);
	return false;
}

static bool takes_clear_passwords(const struct connection *c)
{
	enum clear_passwords taken = c->all->config->clear_passwords;

	return taken == CLEAR_ALWAYS ||
	       (taken == CLEAR_FROM_HERE && address_is_loopback(&c->from));
}

/* TLS that is not there yet brings a list of its own. */
void connections_reoffer(struct connections *all)
{
	for (struct connection *c = all->first; c; c = c->next) {
		const struct tls_facts *tls = transport_facts(&c->transport);

		if (c->session && !c->securing)
			sasl_mechanisms(all->authority->sasl, tls,
					tls || takes_clear_passwords(c),
					c->texts.mechanisms);
	}
}

static bool start_session(struct connection *c)
{
	c->session = connections_session(c->all, c->tls, &c->texts,
					 transport_facts(&c->transport),
					 takes_clear_passwords(c));
	if (!c->session)
		connection_close(c, "out of memory");
	return c->session;
}

/*
 * Begins a handshake; it is a part of the time before the login. What came
 * behind STLS is dropped here, and goes nowhere.
 */
static bool start_tls(struct connection *c)
{
	uint64_t most = connections_autologout(c->all);

	c->securing = true;
	c->secure_by =
		connection_now(c) + (most < HANDSHAKE ? most : HANDSHAKE);
	tls_context_tick(c->all->config->tls, connection_now(c));
	if (transport_secure(&c->transport, c->all->config->tls) == 0)
		return true;
	connection_close(c, "out of memory");
	return false;
}

bool connection_begin(struct connection *c)
{
	return c->tls == LISTEN_IMPLICIT ? start_tls(c) : start_session(c);
}

/* The handshake is over: a session begins, or goes on. */
static bool tls_started(struct connection *c)
{
	c->securing = false;
	log_secured(c);
	if (!c->session)
		return start_session(c);
	connections_secured(c->all, c->session, &c->texts,
			    transport_facts(&c->transport));
	return true;
}

/* The next of a handshake. Returns true when it is over. */
static bool secure(struct connection *c)
{
	switch (transport_tls(&c->transport)) {
	case TLS_OPEN:
	case TLS_ENDED:
		return tls_started(c);
	case TLS_HANDSHAKE:
		transport_listen(&c->transport);
		return false;
	case TLS_BROKEN:
		break;
	}
	connection_leave(c, "TLS handshake failed");
	return false;
}

static const char *why_it_ends(const struct connection *c)
{
	switch (session_ending(c->session)) {
	case ENDED_BY_QUIT:
		return "QUIT";
	case ENDED_BY_CLIENT:
		return c->transport.failed ? "client reset" : "client closed";
	case ENDED_BY_TIME:
		log_autologout(c);
		return "autologout";
	case ENDED_BY_SERVER:
		break;
	}
	return "server closed";
}

/* Returns true when that is done, or refused. */
static bool open_maildrop(struct connection *c)
{
	const struct policies *p = &c->all->config->policies;
	const struct logins *logins = &c->all->logins;
	uint64_t now = connection_now(c);

	if (policies_too_soon(p, logins, session_credentials(c->session)->user,
			      now))
		log_too_soon(c);
	if (!policies_refuse(p, logins, c->session, now))
		return connection_start_job(c);
	job_drop(&c->job);
	return true;
}

/* Who has a reply to come hears it first: that of AUTH is not a challenge. */
static bool is_dismissed(const struct connection *c)
{
	return c->dismissed && session_auth(c->session)->mechanism.len == 0;
}

/* Does what the session wants. Returns true when that is done. */
static bool serve(struct connection *c)
{
	struct slice output = session_output(c->session);
	enum want want = session_want(c->session);

	if (want == WANT_CLOSE)
		transport_end_soon(&c->transport);
	if (output.len > 0)
		return write_octets(c, output);
	if (want == WANT_CLOSE)
		connection_leave(c, why_it_ends(c));
	else if (is_dismissed(c))
		connection_leave(c, c->dismissed);
	else if (want == WANT_START_TLS)
		return start_tls(c);
	else if (want == WANT_OPEN)
		return open_maildrop(c);
	else if (want != WANT_INPUT)
		return connection_start_job(c);
	else
		return feed(c);
	return false;
}

/* Does what is next. Returns true when it is done, and something follows. */
static bool step(struct connection *c)
{
	if (c->doing != WAITING || c->closing)
		return false;
	if (transport_owes(&c->transport))
		return write_octets(c, slice_of(NULL, 0));
	if (c->securing)
		return secure(c);
	else if (transport_tls(&c->transport) == TLS_BROKEN)
		connection_leave(c, "TLS failed");
	else
		return serve(c);
	return false;
}

void connection_proceed(struct connection *c)
{
	c->turn = 0;
	c->resting = false;
	while (step(c))
		;
	if (transport_keep(&c->transport) != 0)
		connection_close(c, "out of memory");
	connection_set_timer(c);
}
