/* SPDX-License-Identifier: MIT */
#include "lanes.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct lanes {
	const struct lanes_plan *plan;
	pthread_mutex_t lock; /* of the next two */
	bool *taken;
	size_t begun; /* lanes */
	bool *waiting;            /* one a lane: it plays an item that waits */
	pthread_rwlock_t playing; /* held for reading by a lane that plays */
};

static bool take_if(struct lanes *l, size_t lane, enum lane_fit fit,
		    size_t *item)
{
	const struct lanes_plan *plan = l->plan;

	for (size_t i = 0; i < plan->items; i++) {
		if (l->taken[i] || plan->fits(plan->with, lane, i) != fit)
			continue;
		l->taken[i] = true;
		*item = i;
		return true;
	}
	return false;
}

static bool take(struct lanes *l, size_t lane, size_t *item)
{
	bool found;

	pthread_mutex_lock(&l->lock);
	found = take_if(l, lane, LANE_SUITS, item) ||
		take_if(l, lane, LANE_HELPS, item);
	pthread_mutex_unlock(&l->lock);
	return found;
}

static void run_lane(struct lanes *l, size_t lane)
{
	const struct lanes_plan *plan = l->plan;
	size_t item;

	while (take(l, lane, &item)) {
		bool waits = plan->waits(plan->with, item);

		l->waiting[lane] = waits;
		if (!waits)
			pthread_rwlock_rdlock(&l->playing);
		plan->play(plan->with, l, lane, item);
		if (!waits)
			pthread_rwlock_unlock(&l->playing);
	}
}

static void *run_lanes(void *argument)
{
	struct lanes *l = argument;
	size_t lane;

	do {
		pthread_mutex_lock(&l->lock);
		lane = l->begun++;
		pthread_mutex_unlock(&l->lock);
		if (lane < l->plan->lanes)
			run_lane(l, lane);
	} while (lane < l->plan->lanes);
	return NULL;
}

void lanes_alone(struct lanes *l, size_t lane)
{
	if (!l->waiting[lane])
		pthread_rwlock_unlock(&l->playing);
	pthread_rwlock_wrlock(&l->playing);
}

void lanes_together(struct lanes *l, size_t lane)
{
	pthread_rwlock_unlock(&l->playing);
	if (!l->waiting[lane])
		pthread_rwlock_rdlock(&l->playing);
}

static int run(struct lanes *l, pthread_t *threads, size_t count,
	       struct error *e)
{
	size_t started = 0;

	for (size_t i = 0; i < count; i++)
		if (!pthread_create(&threads[started], NULL, run_lanes, l))
			started++;
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	if (started < count)
		return error_set(e, "%zu of %zu threads could be started: not "
				 "all was played", started, count);
	return 0;
}

/* Who wants to be alone must not starve behind those that play on. */
static void init_locks(struct lanes *l)
{
	pthread_rwlockattr_t writers_first;

	pthread_rwlockattr_init(&writers_first);
	pthread_rwlockattr_setkind_np(
		&writers_first, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&l->playing, &writers_first);
	pthread_rwlockattr_destroy(&writers_first);
	pthread_mutex_init(&l->lock, NULL);
}

int lanes_run(const struct lanes_plan *plan, struct error *e)
{
	struct lanes l = { .plan = plan };
	pthread_t *threads = calloc(plan->at_once + 1, sizeof(*threads));
	int result;

	l.taken = calloc(plan->items + 1, sizeof(*l.taken));
	l.waiting = calloc(plan->lanes + 1, sizeof(*l.waiting));
	if (threads && l.taken && l.waiting) {
		init_locks(&l);
		result = run(&l, threads, plan->at_once, e);
		pthread_mutex_destroy(&l.lock);
		pthread_rwlock_destroy(&l.playing);
	} else {
		result = error_set(e, "out of memory");
	}
	free(l.taken);
	free(l.waiting);
	free(threads);
	return result;
}
