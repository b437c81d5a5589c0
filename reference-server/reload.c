/* SPDX-License-Identifier: MIT */
#include "reload.h"

int reload_read(struct reload *r, struct complaints *c)
{
	size_t before = c->count;
	struct error e;

	r->authority = authority_read(r->who, c);
	if (r->tls->certificate) {
		r->context = tls_context_new(r->tls, &e);
		if (!r->context)
			complaints_add(c, "%s", e.text);
	}
	if (c->count == before)
		return 0;
	authority_drop(r->authority);
	tls_context_free(r->context);
	r->authority = NULL;
	r->context = NULL;
	return -1;
}

static void do_read(uv_work_t *work)
{
	struct reload *r = work->data;

	reload_read(r, &r->complaints);
}

static void on_read(uv_work_t *work, int status)
{
	struct reload *r = work->data;

	(void)status; /* nobody calls it off */
	r->busy = false;
	r->done(r);
	complaints_free(&r->complaints);
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
	r->done(r);
	complaints_free(&r->complaints);
}
