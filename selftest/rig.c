/* SPDX-License-Identifier: MIT */
#include "rig.h"
#include "session.h"
#include "climb.h"
#include "store_memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One for each trait that scenarios ask for; the first is for all others. */
static const struct account accounts[] = {
	{ .user = "alice",
	  .password = "sesame-7",
	  .secret = "sesame-7",
	  .other_password = "forty-octets~are-the-most-that-are-sure." },
	{ .user = "bob",
	  .password = "forty-octets~are-the-most-that-are-sure.",
	  .secret = "sesame-8" },
	{ .user = "carol", .password = "open sesame 9", .secret = "sesame-9" },
};

#define ACCOUNTS (sizeof(accounts) / sizeof(*accounts))

/* A session and what its shell would do for it. */
struct session_peer {
	struct peer peer;
	struct rig *rig;
	struct session *session;
	char timestamp[64];
};

static struct session *session_of(struct peer *p)
{
	return ((struct session_peer *)p)->session;
}

static const struct account *account_of(const struct rig *r,
					 struct slice user)
{
	if (slice_is(user, r->account.user))
		return &r->account;
	for (size_t i = 0; i < ACCOUNTS; i++)
		if (slice_is(user, accounts[i].user))
			return &accounts[i];
	return NULL;
}

/* Or is one that a defect takes for it. */
static bool password_right(const struct credentials *c, const struct account *a)
{
	if (slice_is(c->password, a->password))
		return true;
	if (c->password_as_far && c->password.len)
		return slice_equal(slice_first(slice_str(a->password),
					       c->password.len),
				   c->password);
	for (size_t i = 0; c->password_of_any && i < ACCOUNTS; i++)
		if (slice_is(c->password, accounts[i].password))
			return true;
	return false;
}

static bool right(const struct session_peer *p)
{
	const struct credentials *c = session_credentials(p->session);
	const struct account *a = account_of(p->rig, c->user);
	char timestamp[sizeof(p->timestamp)], digest[33];

	if (!a)
		return false;
	if (c->password.ptr)
		return password_right(c, a);
	if (!c->digest.ptr)
		return true;
	if (c->timestamp.len >= sizeof(p->timestamp))
		return false;
	snprintf(timestamp, sizeof(timestamp), "%.*s", (int)c->timestamp.len,
		 c->timestamp.ptr);
	apop_digest(timestamp, a->secret, digest);
	if (c->digest_as_far)
		digest[c->digest.len < 32 ? c->digest.len : 32] = '\0';
	return slice_is(c->digest, digest);
}

static void open_maildrop(struct session_peer *p)
{
	const struct credentials *c = session_credentials(p->session);
	struct maildrop_store *store = p->rig->store;
	struct maildrop *m = NULL;
	enum maildrop_opened how;
	struct error e;

	store->now = p->rig->net.now;
	how = store->open(store, c->user, &m, &e);
	session_opened(p->session, how, m);
}

static void update(struct session_peer *p)
{
	struct maildrop *m = session_maildrop(p->session);

	session_updated(p->session,
			m->ops->remove(m, session_marked(p->session)));
}

static void serve(struct session_peer *p)
{
	for (;;)
		switch (session_want(p->session)) {
		case WANT_VERIFY:
			session_verified(p->session, right(p));
			break;
		case WANT_OPEN:
			open_maildrop(p);
			break;
		case WANT_UPDATE:
			update(p);
			break;
		default:
			return;
		}
}

static size_t peer_feed(struct peer *p, struct slice octets)
{
	size_t taken = session_feed(session_of(p), octets);

	serve((struct session_peer *)p);
	return taken;
}

static void peer_end_of_input(struct peer *p)
{
	session_end_of_input(session_of(p));
	serve((struct session_peer *)p);
}

static struct slice peer_output(struct peer *p)
{
	return session_output(session_of(p));
}

static void peer_sent(struct peer *p, size_t octets)
{
	session_sent(session_of(p), octets);
	serve((struct session_peer *)p);
}

static bool peer_closes(struct peer *p)
{
	return session_want(session_of(p)) == WANT_CLOSE &&
	       !session_output(session_of(p)).len;
}

static void peer_tick(struct peer *p, uint64_t now)
{
	session_tick(session_of(p), now);
	serve((struct session_peer *)p);
}

static uint64_t peer_deadline(struct peer *p)
{
	return session_deadline(session_of(p));
}

static void peer_free(struct peer *p)
{
	struct rig *r = ((struct session_peer *)p)->rig;

	if (r->store)
		r->store->now = r->net.now;
	session_free(session_of(p));
	free(p);
}

static const struct peer_ops peer_ops = {
	peer_feed,  peer_end_of_input, peer_output,   peer_sent,
	peer_closes, peer_tick,	       peer_deadline, peer_free,
};

static void stamp(struct rig *r, char *to, size_t room)
{
	const char *host = r->host ? r->host : "mail.example";

	if (r->timestamp)
		snprintf(to, room, "%s", r->timestamp);
	else
		snprintf(to, room, "<%u.%llu@%s>", r->connections,
			 (unsigned long long)r->net.now, host);
}

static struct session_peer *new_peer(struct rig *r)
{
	struct session_peer *p = calloc(1, sizeof(*p));
	struct session_config config = { .autologout = r->autologout,
					 .number = r->connections,
					 .earlier = r->earlier,
					 .switches = r->switches };

	if (!p)
		return NULL;
	stamp(r, p->timestamp, sizeof(p->timestamp));
	config.host = r->host ? r->host : "mail.example";
	config.timestamp = r->no_apop ? NULL : p->timestamp;
	p->peer.ops = &peer_ops;
	p->rig = r;
	p->session = session_new(&config, r->net.now);
	memcpy(r->earlier, p->timestamp, sizeof(r->earlier));
	if (p->session)
		return p;
	free(p);
	return NULL;
}

static struct wire *rig_connect(struct stage *s, struct error *e)
{
	struct rig *r = (struct rig *)s;
	struct session_peer *p;
	struct peer *peer;
	struct wire *w;

	r->connections++;
	p = new_peer(r);
	peer = p && r->between ? r->between(r, &p->peer) : (struct peer *)p;
	w = peer ? wire_memory(&r->net, peer) : NULL;
	if (peer && !w)
		peer->ops->free(peer);
	if (!w)
		error_set(e, "out of memory");
	return w;
}

static int rig_refill(struct stage *s, struct error *e)
{
	return rig_fill((struct rig *)s, s->fixture, e);
}

static int rig_deliver(struct stage *s, const struct fixture_message *m,
		       struct error *e)
{
	struct rig *r = (struct rig *)s;

	if (!store_memory_deliver(r->store, s->account->user,
				  buf_slice(&m->octets)))
		return 0;
	return error_set(e, "out of memory");
}

static uint64_t rig_now(struct stage *s)
{
	return ((struct rig *)s)->net.now;
}

static void rig_pause(struct stage *s, uint64_t ms)
{
	memory_net_pass(&((struct rig *)s)->net, ms);
}

void rig_open(struct rig *r, const struct registry *registry,
	      const struct switches *switches)
{
	static const struct stage_ops ops = { rig_refill, rig_deliver,
					      rig_connect, rig_now,
					      rig_pause };

	*r = (struct rig){ .autologout = 600000, .budget = RIG_BUDGET };
	if (switches)
		r->switches = *switches;
	r->account = accounts[0];
	r->stage = (struct stage){ .ops = &ops,
				   .registry = registry,
				   .transport = "clear",
				   .account = &r->account,
				   .abilities = &r->abilities,
				   .patience = patience_default,
				   .exact = true,
				   .delivers = true };
}

static void forget_store(struct rig *r)
{
	if (r->store)
		r->store->free(r->store);
	r->store = NULL;
}

void rig_close(struct rig *r)
{
	forget_store(r);
	abilities_free(&r->abilities);
	universal_free(&r->stage.universal);
}

int rig_fill(struct rig *r, const struct fixture *f, struct error *e)
{
	int result;

	forget_store(r);
	r->store = store_memory_new(&r->switches);
	result = r->store ? 0 : -1;
	for (size_t i = 0; i < ACCOUNTS && !result; i++)
		result = store_memory_add_user(r->store, accounts[i].user);
	if (!result)
		result = store_memory_add_user(r->store, r->account.user);
	for (size_t i = 0; f && i < f->count && !result; i++)
		result = store_memory_deliver(r->store, r->stage.account->user,
					      buf_slice(&f->messages[i].octets));
	return result ? error_set(e, "out of memory") : 0;
}

/* What this server can do does not change: it is asked once, with mail. */
static bool learn(struct rig *r, const struct scenario *s,
		  struct findings *out)
{
	struct obstacle o = { 0 };
	struct universal before = r->stage.universal;
	bool learnt = true;

	r->stage.universal = (struct universal){ 0 };
	store_memory_deliver(r->store, r->stage.account->user,
			     slice_str("Subject: x\n\nx\n"));
	if ( abilities_learn(&r->stage, &r->abilities, &o)) {
		play_not(s, &r->stage, OUTCOME_BLOCKED, buf_text(&o.why),
			 out);
		learnt = false;
	}
	r->learnt = learnt;
	universal_merge(&before, &r->stage.universal);
	r->stage.universal = before;
	obstacle_free(&o);
	return learnt;
}

static void choose_account(struct rig *r, const struct scenario *s)
{
	r->stage.account = &r->account;
	for (size_t i = 0; i < ACCOUNTS && !play_suits(s, r->stage.account);
	     i++)
		if (play_suits(s, &accounts[i]))
			r->stage.account = &accounts[i];
}

void rig_play(struct rig *r, const struct scenario *s,
	      const struct fixture *f, struct findings *out)
{
	struct buf why = { 0 };
	struct error e;

	r->net.steps = 0;
	r->net.budget = r->budget;
	r->stage.fixture = f;
	choose_account(r, s);
	if (rig_fill(r, NULL, &e))
		play_not(s, &r->stage, OUTCOME_ERROR, e.text, out);
	else if (!r->learnt && !learn(r, s, out))
		;
	else if (play_skips(s, &r->stage, &why))
		play_not(s, &r->stage, OUTCOME_SKIP, buf_text(&why), out);
	else
		play(s, &r->stage, out);
	buf_free(&why);
}
