/* SPDX-License-Identifier: MIT */
#include "lanes.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>
#include <cmocka.h>

#define ITEMS 200
#define PATIENCE 60 /* seconds, for what should take none */

/* Asserts of cmocka are for its own thread: the lanes only count. */
struct show {
	struct lanes_plan plan;
	enum lane_fit fit[ITEMS][4]; /* of each lane */
	bool waits[ITEMS];
	atomic_int played[ITEMS];    /* how often */
	atomic_int lane[ITEMS];      /* where last */
	atomic_size_t order[ITEMS];
	atomic_size_t count;
	atomic_int playing;          /* items that do not wait */
	atomic_int wrong;            /* what should never be seen was */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int arrived;                 /* at a meeting */
};

static enum lane_fit fits(const void *with, size_t lane, size_t item)
{
	const struct show *s = with;

	return s->fit[item][lane];
}

static bool waits(const void *with, size_t item)
{
	return ((const struct show *)with)->waits[item];
}

static void note(struct show *s, size_t lane, size_t item)
{
	atomic_fetch_add(&s->played[item], 1);
	atomic_store(&s->lane[item], (int)lane);
	atomic_store(&s->order[atomic_fetch_add(&s->count, 1)], item);
}

static void play_plainly(void *with, struct lanes *lanes, size_t lane,
			 size_t item)
{
	(void)lanes;
	note(with, lane, item);
}

/* Everything suits every lane, and nothing waits. */
static void open_show(struct show *s, size_t lanes, size_t items)
{
	*s = (struct show){ .plan = { .items = items,
				      .lanes = lanes,
				      .at_once = lanes,
				      .fits = fits,
				      .waits = waits,
				      .play = play_plainly,
				      .with = s } };
	for (size_t i = 0; i < items; i++)
		for (size_t lane = 0; lane < lanes; lane++)
			s->fit[i][lane] = LANE_SUITS;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->changed, NULL);
}

static void run_show(struct show *s)
{
	struct error e = { 0 };

	assert_int_equal(lanes_run(&s->plan, &e), 0);
	assert_string_equal(e.text, "");
	assert_int_equal(s->wrong, 0);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->changed);
}

/* Wait until so many have come here; being alone for long is wrong. */
static void meet(struct show *s, int others)
{
	struct timespec end;
	int result = 0;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += PATIENCE;
	pthread_mutex_lock(&s->lock);
	s->arrived++;
	pthread_cond_broadcast(&s->changed);
	while (s->arrived < others && !result)
		result = pthread_cond_timedwait(&s->changed, &s->lock, &end);
	pthread_mutex_unlock(&s->lock);
	if (result)
		atomic_fetch_add(&s->wrong, 1);
}

static void each_item_is_played_once(void **state)
{
	static struct show s;

	(void)state;
	open_show(&s, 4, ITEMS);
	run_show(&s);
	assert_int_equal(s.count, ITEMS);
	for (size_t i = 0; i < ITEMS; i++)
		assert_int_equal(s.played[i], 1);
}

static void items_are_played_where_they_fit(void **state)
{
	static struct show s;

	(void)state;
	open_show(&s, 4, ITEMS);
	for (size_t i = 0; i < ITEMS; i++)
		for (size_t lane = 0; lane < 4; lane++)
			if (i % 2 && lane > 1)
				s.fit[i][lane] = LANE_CANNOT;
	run_show(&s);
	for (size_t i = 0; i < ITEMS; i++) {
		assert_int_equal(s.played[i], 1);
		if (i % 2)
			assert_in_range(s.lane[i], 0, 1);
	}
}

static void what_fits_no_lane_is_not_played(void **state)
{
	static struct show s;

	(void)state;
	open_show(&s, 2, 3);
	s.fit[1][0] = s.fit[1][1] = LANE_CANNOT;
	run_show(&s);
	assert_int_equal(s.count, 2);
	assert_int_equal(s.played[1], 0);
}

static void a_lane_helps_when_nothing_suits_it(void **state)
{
	static struct show s;
	static const size_t order[] = { 1, 3, 0, 2 };

	(void)state;
	open_show(&s, 1, 4);
	s.fit[0][0] = s.fit[2][0] = LANE_HELPS;
	run_show(&s);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(s.order[i], order[i]);
}

static void play_meeting(void *with, struct lanes *lanes, size_t lane,
			 size_t item)
{
	(void)lanes;
	note(with, lane, item);
	meet(with, 3);
}

static void lanes_play_side_by_side(void **state)
{
	static struct show s;

	(void)state;
	open_show(&s, 3, 3);
	s.plan.play = play_meeting;
	run_show(&s);
	assert_int_equal(s.arrived, 3);
}

/* A thread is done with a lane before it begins the next one. */
static void one_thread_plays_all_lanes(void **state)
{
	static struct show s;

	(void)state;
	open_show(&s, 3, 6);
	s.plan.at_once = 1;
	for (size_t i = 0; i < 6; i++)
		for (size_t lane = 0; lane < 3; lane++)
			if (lane != i % 3)
				s.fit[i][lane] = LANE_CANNOT;
	run_show(&s);
	assert_int_equal(s.count, 6);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(s.lane[i], i % 3);
		assert_int_equal(s.order[i], i % 2 * 3 + i / 2);
	}
}

/* Nobody else begins, plays or ends meanwhile. */
static void be_alone(struct show *s, struct lanes *lanes, size_t lane)
{
	size_t count;

	lanes_alone(lanes, lane);
	count = s->count;
	for (int i = 0; i < 2000; i++)
		if (s->playing || s->count != count)
			atomic_fetch_add(&s->wrong, 1);
	lanes_together(lanes, lane);
}

static void play_a_while(struct show *s, size_t lane, size_t item)
{
	atomic_fetch_add(&s->playing, 1);
	if (item < 4)
		meet(s, 4);
	note(s, lane, item);
	atomic_fetch_sub(&s->playing, 1);
}

static void play_alone_at_times(void *with, struct lanes *lanes, size_t lane,
				size_t item)
{
	play_a_while(with, lane, item);
	if (item % 3 == 0)
		be_alone(with, lanes, lane);
	play_a_while(with, lane, ITEMS - 1);
}

static void who_is_alone_is_alone(void **state)
{
	static struct show s;

	(void)state;
	open_show(&s, 4, ITEMS / 2);
	s.plan.play = play_alone_at_times;
	run_show(&s);
	assert_int_equal(s.count, ITEMS);
}

static void play_waiting(void *with, struct lanes *lanes, size_t lane,
			 size_t item)
{
	struct show *s = with;

	if (!s->waits[item])
		lanes_alone(lanes, lane);
	meet(s, 2);
	if (!s->waits[item])
		lanes_together(lanes, lane);
	note(s, lane, item);
}

static void who_waits_for_minutes_holds_nobody_up(void **state)
{
	static struct show s;

	(void)state;
	open_show(&s, 2, 2);
	s.waits[0] = true;
	s.plan.play = play_waiting;
	run_show(&s);
	assert_int_equal(s.count, 2);
}

static void play_some_waiting(void *with, struct lanes *lanes, size_t lane,
			      size_t item)
{
	struct show *s = with;

	if (s->waits[item])
		be_alone(s, lanes, lane);
	else
		play_alone_at_times(s, lanes, lane, item);
}

static void who_waited_can_be_alone(void **state)
{
	static struct show s;

	(void)state;
	open_show(&s, 4, ITEMS / 2);
	for (size_t i = 9; i < ITEMS / 2; i += 10)
		s.waits[i] = true;
	s.plan.play = play_some_waiting;
	run_show(&s);
	assert_int_equal(s.count, 2 * (ITEMS / 2 - 10));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_item_is_played_once),
		cmocka_unit_test(items_are_played_where_they_fit),
		cmocka_unit_test(what_fits_no_lane_is_not_played),
		cmocka_unit_test(a_lane_helps_when_nothing_suits_it),
		cmocka_unit_test(lanes_play_side_by_side),
		cmocka_unit_test(one_thread_plays_all_lanes),
		cmocka_unit_test(who_is_alone_is_alone),
		cmocka_unit_test(who_waits_for_minutes_holds_nobody_up),
		cmocka_unit_test(who_waited_can_be_alone),
	};

	return cmocka_run_group_tests_name("lanes", tests, NULL, NULL);
}
