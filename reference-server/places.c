/* SPDX-License-Identifier: MIT */
#include "places.h"

#include <limits.h>
#include <search.h>
#include <stdlib.h>
#include <sys/queue.h>

struct place {
	struct address address;
	size_t connections;
	unsigned failures;
	uint64_t failed_at; /* the last of them */
	TAILQ_ENTRY(place) next;
};

TAILQ_HEAD(queue, place);

struct places {
	void *tree;	   /* of all, for tsearch(3) */
	struct queue idle; /* those without connections, whose logins
			      failed lately, as they went */
	size_t count, idle_count;
};

static int compare(const void *a, const void *b)
{
	const struct place *one = a, *other = b;

	return address_compare_place(&one->address, &other->address);
}

static struct place *find(const struct places *p, const struct address *a)
{
	const struct place key = { .address = *a };
	struct place *const *found = tfind(&key, &p->tree, compare);

	return found ? *found : NULL;
}

static void forget(struct places *p, struct place *one)
{
	tdelete(one, &p->tree, compare);
	free(one);
	p->count--;
}

static void remove_idle(struct places *p, struct place *one)
{
	TAILQ_REMOVE(&p->idle, one, next);
	p->idle_count--;
}

static void add_idle(struct places *p, struct place *one)
{
	TAILQ_INSERT_TAIL(&p->idle, one, next);
	p->idle_count++;
}

static bool is_old(const struct place *one, uint64_t now)
{
	return !one->failures || now - one->failed_at >= PLACES_FORGET;
}

static void forget_old(struct places *p, uint64_t now)
{
	struct place *one;

	while ((one = TAILQ_FIRST(&p->idle)) &&
	       (is_old(one, now) || p->idle_count > PLACES_REMEMBERED)) {
		remove_idle(p, one);
		forget(p, one);
	}
}

static struct place *add(struct places *p, const struct address *a)
{
	struct place *one = calloc(1, sizeof(*one));

	if (!one)
		return NULL;
	one->address = *a;
	if (!tsearch(one, &p->tree, compare)) {
		free(one);
		return NULL;
	}
	p->count++;
	return one;
}

struct places *places_new(void)
{
	struct places *p = calloc(1, sizeof(*p));

	if (p)
		TAILQ_INIT(&p->idle);
	return p;
}

void places_free(struct places *p)
{
	if (!p)
		return;
	while (p->tree)
		forget(p, *(struct place **)p->tree);
	free(p);
}

bool places_enter(struct places *p, const struct address *a, size_t most)
{
	struct place *one = find(p, a);

	if (one && most > 0 && one->connections >= most)
		return false;
	if (one && one->connections == 0)
		remove_idle(p, one);
	if (!one)
		one = add(p, a);
	if (one)
		one->connections++;
	return one;
}

void places_leave(struct places *p, const struct address *a, uint64_t now)
{
	struct place *one = find(p, a);

	if (one && --one->connections == 0) {
		if (is_old(one, now))
			forget(p, one);
		else
			add_idle(p, one);
	}
	forget_old(p, now);
}

unsigned places_fail(struct places *p, const struct address *a, uint64_t now)
{
	struct place *one = find(p, a);

	if (!one)
		return 1;
	if (is_old(one, now))
		one->failures = 0;
	if (one->failures < UINT_MAX)
		one->failures++;
	one->failed_at = now;
	return one->failures;
}

size_t places_count(const struct places *p)
{
	return p->count;
}
