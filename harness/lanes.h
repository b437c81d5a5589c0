/* SPDX-License-Identifier: MIT */
/*
 * Threads that play items of a list side by side. A maildrop is locked by its
 * session, so a lane that logs in has an account of its own; items that never
 * log in need none and run on free lanes.
 */
#ifndef HARNESS_LANES_H
#define HARNESS_LANES_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>

struct lanes;

struct lanes_plan {
	size_t items;
	const bool *needs_account; /* one an item */
	size_t account_lanes;      /* lanes 0 to account_lanes - 1 */
	size_t free_lanes;         /* the lanes behind them */
	/* Play item on lane; called by the lane's thread. */
	void (*play)(void *with, struct lanes *lanes, size_t lane,
		     size_t item);
	void *with;
};

/*
 * Play all items, each once; returns when the last lane is done. Returns -1 and
 * e, with nothing played, when no thread can be started. An item that needs an
 * account is not played when there is no lane with one.
 */
int lanes_run(const struct lanes_plan *plan, struct error *e);

/*
 * From play(): wait until no other lane is playing, and keep it so until
 * lanes_together(). A finding is confirmed so, on a server that does nothing else.
 */
void lanes_alone(struct lanes *l);
void lanes_together(struct lanes *l);

#endif
