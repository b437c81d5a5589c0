/* SPDX-License-Identifier: MIT */
#include "reload.h"

#include "exposed.h"

#include <unistd.h>

static void warn_of_exposed(const struct reload *r, struct complaints *warnings)
{
	const uid_t owners[] = { geteuid(), r->reader };
	const struct {
		const char *path;
		enum exposed what;
	} files[] = {
		{ r->who->users, EXPOSED_SECRET },
		{ r->who->oauth_tokens, EXPOSED_SECRET },
		{ r->tls->certificate, EXPOSED_PUBLIC },
		{ r->tls->key, EXPOSED_SECRET },
		{ r->tls->client_ca, EXPOSED_PUBLIC },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		exposed_warn(files[i].path, files[i].what, owners, 2, warnings);
}

/*
 * Who writes the file in two steps is read between, and must lock nobody out.
 * Tokens and ANONYMOUS need no user of it.
 */
static void check_users(const struct reload *r, struct complaints *c,
			struct complaints *warnings)
{
	const struct authority *a = r->authority;

	if (!a || users_count(a->users) > 0)
		return;
	if (r->had_users)
		complaints_add(c,
			       "%s: no user in it, and there were some: "
			       "nothing is taken",
			       r->who->users);
	else if (!a->tokens && !a->config.anonymous)
		complaints_add(warnings,
			       "%s: no user in it: nobody can log in",
			       r->who->users);
}

int reload_read(struct reload *r, struct complaints *c,
		struct complaints *warnings)
{
	size_t before = c->count;

	warn_of_exposed(r, warnings);
	if (r->who->users)
		r->authority = authority_read(r->who, c, warnings);
	check_users(r, c, warnings);
	if (r->tls->certificate && r->tls->key)
		r->context = tls_context_new(r->tls, c);
	if (r->context && tls_context_untimely(r->context))
		complaints_add(warnings, "%s: %s", r->tls->certificate,
			       tls_context_untimely(r->context));
	if (c->count == before)
		return 0;
	authority_drop(r->authority);
	tls_context_free(r->context);
	r->authority = NULL;
	r->context = NULL;
	return -1;
}

static void tell(struct reload *r)
{
	r->done(r);
	complaints_free(&r->complaints);
	complaints_free(&r->warnings);
}

static void do_read(uv_work_t *work)
{
	struct reload *r = work->data;

	reload_read(r, &r->complaints, &r->warnings);
}

static void on_read(uv_work_t *work, int status)
{
	struct reload *r = work->data;

	(void)status; /* nobody calls it off */
	r->busy = false;
	tell(r);
	if (r->again)
		reload_start(r);
}

void reload_start(struct reload *r)
{
	r->again = r->busy;
	if (r->busy)
		return;
	r->work.data = r;
	r->busy = uv_queue_work(r->loop, &r->work, do_read, on_read) == 0;
	if (r->busy)
		return;
	complaints_add(&r->complaints, "out of memory");
	tell(r);
}
