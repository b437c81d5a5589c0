/* SPDX-License-Identifier: MIT */
#include "reload.h"

int reload_read(struct reload *r)
{
	struct error e;

	r->authority = authority_read(r->who, &r->complaints);
	if (r->tls->certificate) {
		r->context = tls_context_new(r->tls, &e);
		if (!r->context)
			complaints_add(&r->complaints, "%s", e.text);
	}
	if (r->complaints.count == 0)
		return 0;
	authority_drop(r->authority);
	tls_context_free(r->context);
	r->authority = NULL;
	r->context = NULL;
	return -1;
}

static void do_read(uv_work_t *work)
{
	reload_read(work->data);
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
