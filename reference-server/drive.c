/* SPDX-License-Identifier: MIT */
#include "drive.h"

#define WHOLE SIZE_MAX

static void open_maildrop(struct drive *d)
{
	struct slice user = session_credentials(d->session)->user;
	struct maildrop *m = NULL;
	struct error e;
	enum maildrop_opened how;

	d->store->now = d->now;
	how = d->store->open(d->store, user, &m, &e);
	session_opened(d->session, how, m);
}

static void find(struct drive *d)
{
	struct maildrop *m = session_maildrop(d->session);
	size_t i = session_sought(d->session);

	session_found(d->session, m->ops->find(m, i, NULL) == 0);
}

static void update(struct drive *d)
{
	struct maildrop *m = session_maildrop(d->session);
	size_t left = m->ops->remove(m, session_marked(d->session));

	session_updated(d->session, left);
}

/* Returns false when nothing is left to do but to wait for the client. */
static bool serve(struct drive *d)
{
	switch (session_want(d->session)) {
	case WANT_VERIFY:
		session_verified(d->session,
				 d->right(session_credentials(d->session)));
		return true;
	case WANT_AUTH:
		if (d->auth)
			d->auth(d->session);
		else
			session_refused(d->session, REFUSED_FOR_GOOD);
		return true;
	case WANT_OPEN:
		open_maildrop(d);
		return true;
	case WANT_FIND:
		find(d);
		return true;
	case WANT_UPDATE:
		update(d);
		return true;
	case WANT_START_TLS:
		d->tls = true;
		session_tls_started(d->session, &d->facts);
		return true;
	case WANT_CLOSE:
		d->closed = true;
		return false;
	case WANT_INPUT:
		break;
	}
	return false;
}

/* Returns false when there was nothing to hear. */
static bool hear(struct drive *d)
{
	struct slice out = session_output(d->session);

	if (out.len > d->largest)
		d->largest = out.len;
	out = slice_first(out, d->window);
	buf_add(&d->said, out);
	session_sent(d->session, out.len);
	return out.len > 0;
}

static void settle(struct drive *d)
{
	while (hear(d) || serve(d))
		;
}

int drive_start(struct drive *d, const struct session_config *config,
		struct maildrop_store *store,
		bool (*right)(const struct credentials *c))
{
	*d = (struct drive){ .store = store, .right = right, .window = WHOLE };
	d->session = session_new(config, d->now);
	if (!d->session)
		return -1;
	settle(d);
	return 0;
}

void drive_hang_up(struct drive *d)
{
	session_free(d->session);
	d->session = NULL;
}

void drive_free(struct drive *d)
{
	drive_hang_up(d);
	buf_free(&d->said);
}

void drive_send(struct drive *d, struct slice octets)
{
	size_t taken = 1;

	session_tick(d->session, d->now);
	settle(d);
	while (octets.len && taken && !d->closed) {
		taken = session_feed(d->session, octets);
		octets = slice_from(octets, taken);
		if (session_want(d->session) == WANT_START_TLS)
			octets = slice_of(NULL, 0);
		settle(d);
	}
}

void drive_say(struct drive *d, const char *text)
{
	drive_send(d, slice_str(text));
}

void drive_end(struct drive *d)
{
	session_end_of_input(d->session);
	settle(d);
}

void drive_wait(struct drive *d, uint64_t ms)
{
	uint64_t end = d->now + ms;

	while (!d->closed && session_deadline(d->session) <= end) {
		d->now = session_deadline(d->session);
		session_tick(d->session, d->now);
		settle(d);
	}
	d->now = end;
	session_tick(d->session, d->now);
}

const char *drive_heard(struct drive *d)
{
	const char *text = buf_text(&d->said);

	buf_clear(&d->said);
	return text;
}
