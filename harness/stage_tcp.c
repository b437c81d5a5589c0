/* SPDX-License-Identifier: MIT */
#include "stage_tcp.h"
#include "await.h"
#include "wire_tcp.h"

#include <stdio.h>
#include <string.h>

static struct stage_tcp *of(struct stage *s)
{
	return (struct stage_tcp *)s;
}

static struct wire *connect_tcp(struct stage *s, struct error *e)
{
	struct stage_tcp *t = of(s);

	return wire_tcp_connect(t->target->host, t->port,
				stage_wait(s, WAIT_CONNECT), t->cancel, e);
}

static uint64_t now(struct stage *s)
{
	(void)s;
	return await_now();
}

static void pause_tcp(struct stage *s, uint64_t ms)
{
	await_fd(-1, 0, await_now() + ms, of(s)->cancel, NULL);
}

/* What pop://user;AUTH=+APOP@host says holds before anything is learnt. */
static enum login wished_login(const struct target *t)
{
	return t->mechanism && slice_is_nocase(slice_str(t->mechanism),
					       "+APOP")
		       ? LOGIN_BY_APOP
		       : LOGIN_BY_PASS;
}

int stage_tcp_fill(struct stage_tcp *s, const struct fixture *f,
		   struct error *e)
{
	struct provisioner *p = s->provisioner;
	int result;

	pthread_mutex_lock(s->filling);
	result = p->ops->clear(p, s->account.user, e);
	if (!result && f)
		result = p->ops->put(p, s->account.user, f, e);
	pthread_mutex_unlock(s->filling);
	return result;
}

static int fill(struct stage *s, struct error *e)
{
	struct stage_tcp *t = of(s);

	return t->provisioner ? stage_tcp_fill(t, s->fixture, e) : 0;
}

static int deliver(struct stage *s, const struct fixture_message *m,
		   struct error *e)
{
	struct stage_tcp *t = of(s);
	struct provisioner *p = t->provisioner;
	int result;

	if (!p)
		return error_set(e, "this maildrop is only looked at");
	pthread_mutex_lock(t->filling);
	result = p->ops->deliver(p, t->account.user, m, e);
	pthread_mutex_unlock(t->filling);
	return result;
}

static void set_account(struct stage_tcp *s, const struct target_account *a)
{
	s->account.user = a->user;
	s->account.password = a->password;
	if (a->secret || target_account_has(a, "apop") ||
	    s->stage.login == LOGIN_BY_APOP)
		s->account.secret = a->secret ? a->secret : a->password;
	s->stage.account = &s->account;
}

/* The first that is another one. */
static const char *other_password(const struct target *t, size_t account)
{
	const char *own = t->accounts[account].password;

	for (size_t i = 0; own && i < t->account_count; i++) {
		const char *other = t->accounts[i].password;

		if (password_is_plain(other) && strcmp(other, own))
			return other;
	}
	return NULL;
}

void stage_tcp_open(struct stage_tcp *s, const struct target *target,
		    size_t account, const struct registry *registry,
		    const struct cancel *cancel)
{
	static const struct stage_ops ops = { fill, deliver, connect_tcp,
					      now, pause_tcp };

	*s = (struct stage_tcp){ .target = target, .cancel = cancel };
	snprintf(s->port, sizeof(s->port), "%u", (unsigned)target->port);
	s->stage = (struct stage){
		.ops = &ops,
		.registry = registry,
		.transport = "clear",
		.login = wished_login(target),
		.patience = target->patience,
		.look_only = !target_can_be_filled(target),
		.exact = target->delivers == DELIVERS_EXACT,
		.keeps = target->keeps,
		.autologout = target->autologout * 1000,
		.exposed = !target_is_loopback(target) &&
			   !target->passwords_in_clear,
	};
	if (account >= target->account_count)
		return;
	set_account(s, &target->accounts[account]);
	s->account.other_password = other_password(target, account);
}

void stage_tcp_close(struct stage_tcp *s)
{
	universal_free(&s->stage.universal);
}
