/* SPDX-License-Identifier: MIT */
/*
 * What a server reads from files, at its start and again at SIGHUP: who may log
 * in, and its certificates. All of it or nothing: when one file is bad, all
 * stays as it was. A part of serve.c.
 */
#ifndef POP3_RELOAD_H
#define POP3_RELOAD_H

#include "authority.h"
#include "tls_context.h"

#include <uv.h>

struct reload {
	uv_work_t work;
	uv_loop_t *loop;
	const struct authority_files *who; /* borrowed, as is */
	const struct tls_files *tls;
	void (*done)(struct reload *r); /* on the loop */
	void *owner;			/* for done() */
	uid_t reader; /* who may own the files, too, beside who reads them */
	bool had_users; /* those of now; a file without any is refused then */
	bool busy, again;

	/* What was read, for done() to take; NULL when it takes nothing. */
	struct authority *authority;
	struct tls_context *context; /* NULL also without TLS */
	struct complaints complaints, warnings;
};

/*
 * Read now. Returns 0, or -1 and tells c; then r has nothing. What it has is
 * the caller's. What may be wrong is told to warnings: files that others can
 * change or read (exposed.h), names of nobody (nobody.h), a users file that has
 * none, or a hash that nothing says is one, a certificate that is out of date.
 */
int reload_read(struct reload *r, struct complaints *c,
		struct complaints *warnings);

/*
 * Read on a thread of the pool, so that no client waits for the disk; done() is
 * called on the loop. When that is under way already, once more behind it: the
 * files may have changed since.
 */
void reload_start(struct reload *r);

#endif
