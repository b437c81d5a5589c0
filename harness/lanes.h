/* SPDX-License-Identifier: MIT */
/*
 * Threads that play items of a list side by side. A maildrop is locked by its
 * session, so a lane that logs in has an account of its own; items that never
 * log in need none and run on free lanes. Where there are more lanes than
 * may play at once, the later ones are played when earlier ones are done.
 */
#ifndef HARNESS_LANES_H
#define HARNESS_LANES_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>

struct lanes;

enum lane_fit {
	LANE_CANNOT, /* play it */
	LANE_HELPS,  /* when nothing is left that suits it better */
	LANE_SUITS,
};

/* Called by the threads of the lanes, fits with the list locked. */
struct lanes_plan {
	size_t items, lanes;
	size_t at_once; /* lanes, from 1: so many threads */
	enum lane_fit (*fits)(const void *with, size_t lane, size_t item);
	/*
	 * Whether item mostly waits, for minutes: it disturbs nobody, and
	 * nobody who wants to be alone waits for it.
	 */
	bool (*waits)(const void *with, size_t item);
	void (*play)(void *with, struct lanes *lanes, size_t lane,
		     size_t item);
	void *with;
};

/*
 * Play all items, each once, in their order as far as lanes fit; returns when
 * the last lane is done. An item that fits no lane is not played. Returns -1
 * and e when not all threads could be started: items may be left then.
 */
int lanes_run(const struct lanes_plan *plan, struct error *e);

/*
 * From play(), with the number of the lane: wait until no other lane is playing
 * (but for items that wait), and keep it so until lanes_together(). A finding is
 * confirmed so, on a server that does nothing else.
 */
void lanes_alone(struct lanes *l, size_t lane);
void lanes_together(struct lanes *l, size_t lane);

#endif
