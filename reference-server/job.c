/* SPDX-License-Identifier: MIT */
#include "job.h"

#include <string.h>

void job_drop(struct job *j)
{
	if (j->maildrop)
		j->maildrop->ops->close(j->maildrop);
	j->maildrop = NULL;
	j->opened = false;
}

static void end_exchange(struct job *j)
{
	sasl_end(j->exchange);
	authority_drop(j->authority);
	j->exchange = NULL;
	j->authority = NULL;
}

/* A new exchange takes the place of one that was cancelled. */
void job_take_authority(struct job *j, struct authority *current)
{
	bool goes_on = j->exchange && session_want(j->session) == WANT_AUTH &&
		       !session_auth(j->session)->begins;

	if (goes_on)
		return;
	end_exchange(j);
	j->authority = authority_hold(current);
}

void job_end(struct job *j)
{
	job_drop(j);
	end_exchange(j);
}

/* A name that is no user's is not told, unless somebody wants to know. */
static void note_user(struct job *j, struct slice name)
{
	const struct credentials c = { .user = name };

	name = slice_first(name, USER_NAME_MAX);
	if (name.len > 0 && (j->config->log_any_name ||
			     users_verify(j->authority->users, &c)))
		memcpy(j->user, name.ptr, name.len);
}

static void step_exchange(struct job *j)
{
	const struct auth_said *said = session_auth(j->session);

	if (said->begins)
		j->exchange = sasl_begin(j->authority->sasl, j->tls,
					 said->mechanism);
	j->sasl = (struct sasl_answer){ .what = SASL_REFUSED,
					.why = REFUSED_FOR_NOW };
	if (!j->exchange) {
		error_set(&j->error, "AUTH cannot begin: memory is out, or "
				     "the mechanism went by SIGHUP");
		return;
	}
	j->sasl = sasl_step(j->exchange, said->response);
	if (job_login_in_trouble(j))
		j->error = *sasl_trouble(j->exchange);
	if (j->sasl.what == SASL_REFUSED || j->sasl.told)
		note_user(j, sasl_name(j->exchange));
}

static void note_maildrop(struct job *j, const struct maildrop *m)
{
	j->messages = m->count;
	for (size_t i = 0; i < m->count; i++)
		j->octets += m->messages[i].size;
}

/* Its user proved who he is, be he in the users file or not. */
static void open_maildrop(struct job *j)
{
	struct maildrop_store *store = j->config->store;
	struct slice user = session_credentials(j->session)->user;

	memcpy(j->user, user.ptr, slice_first(user, USER_NAME_MAX).len);
	j->how = store->open(store, user, &j->maildrop, &j->error);
	if (j->how == MAILDROP_OPENED)
		note_maildrop(j, j->maildrop);
}

static void remove_messages(struct job *j, struct maildrop *m)
{
	const bool *marked = session_marked(j->session);

	j->messages = m->count;
	for (size_t i = 0; i < m->count; i++)
		j->marked += marked[i];
	j->still_there = m->ops->remove(m, marked);
}

static void verify(struct job *j)
{
	const struct credentials *c = session_credentials(j->session);

	j->right = users_verify(j->authority->users, c);
	if (!j->right) {
		note_user(j, c->user);
	} else if (j->opens) {
		open_maildrop(j);
		j->opened = true;
	}
}

/* On a thread of the pool. */
static void do_job(uv_work_t *request)
{
	struct job *j = request->data;
	struct maildrop *m = session_maildrop(j->session);

	if (j->want == WANT_VERIFY)
		verify(j);
	else if (j->want == WANT_AUTH)
		step_exchange(j);
	else if (j->want == WANT_OPEN)
		open_maildrop(j);
	else if (j->want == WANT_FIND)
		j->right = !m->ops->find(m, session_sought(j->session), NULL);
	else
		remove_messages(j, m);
}

static void on_done(uv_work_t *request, int status)
{
	struct job *j = request->data;

	j->done(j, status == 0);
}

int job_start(struct job *j, uv_loop_t *loop)
{
	j->work.data = j;
	j->want = session_want(j->session);
	return uv_queue_work(loop, &j->work, do_job, on_done) ? -1 : 0;
}

static bool has_marks(const struct session *s)
{
	return session_maildrop(s)->count > 0 &&
	       memchr(session_marked(s), true, session_maildrop(s)->count);
}

bool job_at_once(struct job *j)
{
	j->want = session_want(j->session);
	if (j->want == WANT_UPDATE && !has_marks(j->session))
		remove_messages(j, session_maildrop(j->session));
	else if (j->want != WANT_OPEN || !j->opened)
		return false;
	return true;
}

bool job_login_failed(const struct job *j)
{
	const struct credentials *c = session_credentials(j->session);

	if (j->want == WANT_VERIFY)
		return !j->right && (c->password.ptr || c->digest.ptr);
	return j->want == WANT_AUTH && sasl_failed(&j->sasl);
}

bool job_login_in_trouble(const struct job *j)
{
	return j->want == WANT_AUTH && j->sasl.what == SASL_REFUSED &&
	       j->sasl.why == REFUSED_FOR_NOW;
}

void job_cancel(struct job *j)
{
	uv_cancel((uv_req_t *)&j->work);
}

void job_answer(struct job *j)
{
	if (j->want == WANT_VERIFY) {
		session_verified(j->session, j->right);
		if (session_want(j->session) != WANT_OPEN)
			job_drop(j);
		end_exchange(j);
		return;
	}
	if (j->want == WANT_AUTH)
		sasl_tell(&j->sasl, j->session);
	else if (j->want == WANT_OPEN)
		session_opened(j->session, j->how, j->maildrop);
	else if (j->want == WANT_FIND)
		session_found(j->session, j->right);
	else
		session_updated(j->session, j->still_there);
	j->maildrop = NULL; /* the session's now */
	j->opened = false;
	if (j->want != WANT_AUTH || j->sasl.what != SASL_CHALLENGE)
		end_exchange(j);
}
