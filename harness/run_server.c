/* SPDX-License-Identifier: MIT */
/* The server of a run: found or started, looked at, and ended. */
#include "run_internal.h"
#include "redact.h"

#include <stdlib.h>
#include <string.h>

#define BUNDLED_ACCOUNTS 4

/* So often a server that does not answer is tried before it is dead. */
#define SANITY_TRIES 3

void run_set_text(char **to, const char *text)
{
	char *copy = text ? slice_copy(slice_str(text)) : NULL;

	if (!copy)
		return;
	free(*to);
	*to = copy;
}

int run_find_target(struct run *r, struct error *e)
{
	if (!r->options->target) {
		r->bundled = bundled_start(&r->target, BUNDLED_ACCOUNTS,
					   r->cancel, e);
		return r->bundled ? 0 : -1;
	}
	if (target_load(&r->target, r->options->target, e) ||
	    target_check_served(&r->target, e) ||
	    target_ask_passwords(&r->target, r->options->password_file,
				 r->cancel, e))
		return -1;
	if (r->target.start)
		r->service = service_start(&r->target, r->cancel, e);
	return !r->target.start || r->service ? 0 : -1;
}

struct child *run_child(const struct run *r)
{
	if (r->bundled)
		return bundled_child(r->bundled);
	return r->service ? service_child(r->service) : NULL;
}

/* What we started ended by itself; one that ends well may start a daemon. */
bool run_server_died(const struct run *r)
{
	struct child *c = run_child(r);

	return c && spawn_ended(c, NULL) && !spawn_succeeded(c);
}

/*
 * As long as one is patient with connections, and no longer than it takes to
 * see that the server has ended.
 */
static void pause_for_server(struct run *r, struct stage *stage)
{
	uint64_t pause = r->target.patience.ms[WAIT_CONNECT];
	struct child *c = run_child(r);

	if (c && !spawn_ended(c, NULL))
		spawn_await_end(c, pause, r->cancel, NULL);
	else
		stage->ops->pause(stage, pause);
}

static enum sanity try_server(const struct run *r, size_t lane)
{
	struct obstacle o = { 0 };
	enum sanity sanity = sanity_check(&r->lanes[lane].stage, &o);

	obstacle_free(&o);
	return run_server_died(r) ? SANITY_GONE : sanity;
}

enum sanity run_look_for_server(struct run *r, size_t lane)
{
	enum sanity sanity = SANITY_GONE;

	for (int i = 0; i < SANITY_TRIES && !run_server_died(r); i++) {
		if (i)
			pause_for_server(r, &r->lanes[lane].stage);
		sanity = try_server(r, lane);
		if (sanity == SANITY_WELL || cancel_raised(r->cancel))
			return SANITY_WELL;
	}
	return run_server_died(r) ? SANITY_GONE : sanity;
}

bool run_sanitizer_is_new(struct run *r)
{
	struct child *c = run_child(r);
	bool told;

	pthread_mutex_lock(&r->telling);
	told = r->sanitizer_told;
	pthread_mutex_unlock(&r->telling);
	return c && !told && spawn_sanitizer_spoke(c);
}

void run_note_sanitizer(struct run *r)
{
	pthread_mutex_lock(&r->telling);
	r->sanitizer_told = true;
	pthread_mutex_unlock(&r->telling);
}

/* What is wrong with the server, as far as we see. */
void run_explain(struct run *r, enum sanity sanity, struct buf *how)
{
	struct child *c = run_child(r);

	if (sanity == SANITY_REFUSES)
		buf_add_str(how, "the server serves nobody any more: it closes "
			    "without a greeting");
	if (sanity == SANITY_GONE)
		buf_add_str(how, "the server does not answer any more");
	if (sanity == SANITY_GONE && c && spawn_ended(c, NULL)) {
		buf_add_str(how, ": ");
		spawn_ended(c, how);
	}
	if (run_sanitizer_is_new(r))
		buf_printf(how, "%sa sanitizer spoke in the server",
			   how->len ? ", and " : "");
}

/* Those of all lanes: a server's log knows of all. */
static void bind_secrets(const struct target *t, struct bindings *b)
{
	for (size_t i = 0; i < t->account_count; i++) {
		const struct target_account *a = &t->accounts[i];
		struct bindings own = { 0 };
		struct buf name = { 0 };

		account_bind(&own, &(struct account){ .user = a->user,
						      .password = a->password,
						      .secret = a->secret });
		for (size_t j = 0; j < own.count; j++) {
			buf_clear(&name);
			buf_printf(&name, "%s of %s", own.list[j].name,
				   a->user);
			if (own.list[j].secret && buf_text(&name))
				binding_set_secret(b, name.ptr,
					buf_slice(&own.list[j].value));
		}
		buf_free(&name);
		bindings_free(&own);
	}
}

/* What the server wrote; of somebody's mail it may have written, too. */
void run_keep_log(const struct run *r, struct verdict *v)
{
	struct bindings secrets = { 0 };
	struct buf log = { 0 }, shown = { 0 };

	if (!run_child(r) || !r->provisioner)
		return;
	bind_secrets(&r->target, &secrets);
	spawn_errors(run_child(r), &log);
	redacted_add(&shown, buf_slice(&log), &secrets);
	run_set_text(&v->log, buf_text(&shown));
	bindings_free(&secrets);
	buf_free(&log);
	buf_free(&shown);
}

/* That no scenario can tell of: they are all over. */
static void tell_crash(struct run *r, struct buf *how)
{
	char scenario[] = "universal/server";
	char title[] = "The server lives until it is stopped, and then ends "
		       "in good order";
	char transport[] = "clear";
	char none[] = "";
	struct verdict v = { .scenario = scenario,
			     .revision = 1,
			     .title = title,
			     .transport = transport,
			     .requirement = none,
			     .outcome = OUTCOME_CRASH,
			     .count = 1 };
	struct findings f = { .list = &v, .count = 1 };

	if (buf_text(how))
		v.label = how->ptr;
	run_keep_log(r, &v);
	pthread_mutex_lock(&r->telling);
	run_tell(r, &f, NULL);
	pthread_mutex_unlock(&r->telling);
	free(v.log);
}

/*
 * The last sanity dialogue. That a server which we did not start is gone may be
 * the network's doing.
 */
static void look_last(struct run *r)
{
	struct child *c = run_child(r);
	struct buf how = { 0 };

	r->sanity = run_look_for_server(r, 0);
	run_explain(r, r->sanity, &how);
	if (how.len && (run_sanitizer_is_new(r) ||
			(c && r->sanity == SANITY_GONE))) {
		buf_add_str(&how, " (behind the last scenario)");
		tell_crash(r, &how);
		run_note_sanitizer(r);
	} else {
		buf_add(&r->interrupted, buf_slice(&how));
	}
	buf_free(&how);
}

int run_stop_server(struct run *r, struct error *e)
{
	int failed = 0;

	if (r->bundled)
		bundled_end(r->bundled);
	if (r->service && !r->stopped_server)
		failed = service_stop(r->service, e);
	r->stopped_server = true;
	return failed;
}

/* A sanitizer reports leaks now, and handlers that nobody tests are run. */
static void look_at_its_end(struct run *r)
{
	struct child *c = run_child(r);
	struct buf how = { 0 };

	if (spawn_crashed(c)) {
		buf_add_str(&how, "the server ended with ");
		spawn_ended(c, &how);
	}
	if (run_sanitizer_is_new(r))
		buf_printf(&how, "%sa sanitizer spoke in the server",
			   how.len ? ", and " : "");
	if (how.len) {
		buf_add_str(&how, " (when it was stopped)");
		tell_crash(r, &how);
	}
	buf_free(&how);
}

void run_end_server(struct run *r)
{
	bool lives = r->sanity == SANITY_WELL;
	struct error e;

	if (lives)
		look_last(r);
	else
		run_explain(r, r->sanity, &r->interrupted);
	lives = lives && r->sanity == SANITY_WELL && !run_server_died(r);
	if (cancel_raised(r->cancel)) {
		buf_clear(&r->interrupted);
		run_stop_explain(r, &r->interrupted);
	}
	if (run_stop_server(r, &e)) {
		if (!r->interrupted.len)
			buf_add_str(&r->interrupted, e.text);
		run_watch_clear(r->watch);
		run_complain(&e, 3);
	}
	if (lives && run_child(r))
		look_at_its_end(r);
}
