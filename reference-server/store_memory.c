/* SPDX-License-Identifier: MIT */
#include "store_memory.h"

#include "stored.h"

#include <stdlib.h>
#include <string.h>

#define LATE 1000 /* ms */

struct user {
	struct user *next;
	char *name;
	struct stored **messages;
	size_t count, room;
	struct memory_maildrop *holder; /* of the lock, the last to get it */
	bool locked_for_good;
	uint64_t locked_until; /* ms */
};

struct memory_store {
	struct maildrop_store base;
	struct switches switches;
	struct user *users;
	unsigned long delivered; /* what unique-ids are made of */
	bool removal_fails;
	size_t readable; /* octets of each message */
};

struct memory_maildrop {
	struct maildrop base;
	struct memory_store *store;
	struct user *user;
	struct stored **held;
	struct slice left; /* of the message that is being read */
	size_t read;
	bool stolen; /* by a second login */
	bool updated;
};

static struct memory_store *memory_store(const struct maildrop_store *base)
{
	return (struct memory_store *)base;
}

static struct memory_maildrop *memory_maildrop(struct maildrop *base)
{
	return (struct memory_maildrop *)base;
}

static struct user *find_user(const struct memory_store *store,
			      struct slice name)
{
	struct user *u = store->users;

	while (u && !slice_is(name, u->name))
		u = u->next;
	return u;
}

static int rewind_to(struct maildrop *base, size_t i, struct error *e)
{
	struct memory_maildrop *m = memory_maildrop(base);

	if (m->stolen)
		return error_set(e, "another session took the maildrop");
	m->left = buf_slice(&m->held[i]->octets);
	m->read = 0;
	return 0;
}

static long read_some(struct maildrop *base, char *to, size_t room,
		      struct error *e)
{
	struct memory_maildrop *m = memory_maildrop(base);
	struct slice piece = slice_first(m->left, room);

	piece = slice_first(piece, m->store->readable - m->read);
	if (m->stolen || (m->left.len && !piece.len))
		return error_set(e, "the message cannot be read");
	if (piece.len)
		memcpy(to, piece.ptr, piece.len);
	m->left = slice_from(m->left, piece.len);
	m->read += piece.len;
	return (long)piece.len;
}

/* Returns false when u has it no more. */
static bool forget(struct user *u, struct stored *message)
{
	for (size_t i = 0; i < u->count; i++) {
		if (u->messages[i] != message)
			continue;
		u->count--;
		memmove(&u->messages[i], &u->messages[i + 1],
			(u->count - i) * sizeof(struct stored *));
		stored_release(message);
		return true;
	}
	return false;
}

/* Numbers count from the newest message on, and a newer one has come. */
static void number_anew(struct memory_maildrop *m)
{
	size_t late = m->user->count - m->base.count;

	for (size_t i = 0; m->user->count > m->base.count && i < m->base.count;
	     i++) {
		struct stored *other = m->user->messages[i + late];

		other->holders++;
		stored_release(m->held[i]);
		m->held[i] = other;
	}
}

static size_t remove_marked(struct maildrop *base, const bool *marked)
{
	struct memory_maildrop *m = memory_maildrop(base);
	const struct switches *on = &m->store->switches;
	size_t still_there = 0;

	m->updated = true;
	if (switch_is_on(on, DEFECT_UPDATE_NUMBERS_ANEW))
		number_anew(m);
	if (switch_is_on(on, DEFECT_UPDATE_CUTS_THE_FILE) && base->count &&
	    !memchr(marked, false, base->count))
		while (m->user->count) /* one file, that is cut short */
			forget(m->user, m->user->messages[0]);
	for (size_t i = 0; i < base->count; i++) {
		if (!marked[i])
			continue;
		if (m->store->removal_fails || m->stolen)
			still_there++;
		else
			forget(m->user, m->held[i]);
	}
	return still_there;
}

/* Unique-ids that a session gave away are kept by UPDATE only. */
static void forget_unique_ids(struct memory_maildrop *m)
{
	if (m->updated ||
	    !switch_is_on(&m->store->switches, DEFECT_UIDL_KEPT_BY_QUIT))
		return;
	for (size_t i = 0; i < m->base.count; i++)
		stored_name(m->held[i], ++m->store->delivered);
}

static void close_maildrop(struct maildrop *base)
{
	struct memory_maildrop *m = memory_maildrop(base);

	forget_unique_ids(m);
	if (m->user->holder == m)
		m->user->holder = NULL;
	m->user->locked_for_good |= base->lock_stays;
	if (base->marks_left &&
	    switch_is_on(&m->store->switches, ODDITY_LATE_UNLOCK))
		m->user->locked_until = m->store->base.now + LATE;
	for (size_t i = 0; i < base->count; i++) {
		m->held[i]->marked = base->marks_left && base->marks_left[i];
		stored_release(m->held[i]);
	}
	free(m->held);
	free(base->messages);
	free(m);
}

static const struct maildrop_ops ops = {
	.rewind = rewind_to,
	.read = read_some,
	.remove = remove_marked,
	.close = close_maildrop,
};

static void hold(struct memory_maildrop *m, struct stored *message)
{
	size_t i = m->base.count++;

	message->holders++;
	m->held[i] = message;
	m->base.messages[i] = (struct message){
		.size = message->size,
		.unique_id = message->unique_id,
		.was_marked = message->marked,
	};
}

static struct memory_maildrop *maildrop_new(struct memory_store *store,
					    struct user *u)
{
	struct memory_maildrop *m = calloc(1, sizeof(*m));
	size_t room = u->count ? u->count : 1;

	if (!m)
		return NULL;
	*m = (struct memory_maildrop){ .base.ops = &ops,
				       .store = store,
				       .user = u };
	m->held = calloc(room, sizeof(struct stored *));
	m->base.messages = calloc(room, sizeof(struct message));
	if (!m->held || !m->base.messages) {
		close_maildrop(&m->base);
		return NULL;
	}
	for (size_t i = 0; i < u->count; i++)
		hold(m, u->messages[i]);
	return m;
}

/* Returns false when the maildrop is another session's. */
static bool may_open(const struct memory_store *store, struct user *u)
{
	if (u->locked_for_good || store->base.now < u->locked_until)
		return false;
	if (!u->holder ||
	    switch_is_on(&store->switches, ODDITY_SHARED_MAILDROP))
		return true;
	if (switch_is_on(&store->switches, ODDITY_NEWEST_SESSION_STAYS)) {
		u->holder->base.taken = true;
		return true;
	}
	u->holder->stolen =
		switch_is_on(&store->switches, DEFECT_LOCK_IS_STOLEN) ||
		switch_is_on(&store->switches, DEFECT_REFUSED_LOGIN_STEALS);
	return switch_is_on(&store->switches, DEFECT_LOCK_IS_STOLEN);
}

static enum maildrop_opened open_maildrop(struct maildrop_store *base,
					  struct slice name,
					  struct maildrop **to, struct error *e)
{
	struct memory_store *store = memory_store(base);
	struct user *u = find_user(store, name);
	struct memory_maildrop *m;

	if (!u) {
		error_set(e, "no such maildrop");
		return MAILDROP_BROKEN;
	}
	if (!may_open(store, u))
		return MAILDROP_IN_USE;
	m = maildrop_new(store, u);
	if (!m) {
		error_set(e, "out of memory");
		return MAILDROP_BROKEN;
	}
	u->holder = m;
	*to = &m->base;
	return MAILDROP_OPENED;
}

static void free_user(struct user *u)
{
	for (size_t i = 0; i < u->count; i++)
		stored_release(u->messages[i]);
	free(u->messages);
	free(u->name);
	free(u);
}

static void free_store(struct maildrop_store *base)
{
	struct memory_store *store = memory_store(base);

	while (store->users) {
		struct user *u = store->users;

		store->users = u->next;
		free_user(u);
	}
	free(store);
}

struct maildrop_store *store_memory_new(const struct switches *switches)
{
	struct memory_store *store = calloc(1, sizeof(*store));

	if (!store)
		return NULL;
	*store = (struct memory_store){
		.base = { .open = open_maildrop, .free = free_store },
		.switches = *switches,
		.readable = SIZE_MAX,
	};
	return &store->base;
}

int store_memory_add_user(struct maildrop_store *base, const char *user)
{
	struct memory_store *store = memory_store(base);
	struct user *u;

	if (find_user(store, slice_str(user)))
		return 0;
	u = calloc(1, sizeof(*u));
	if (!u)
		return -1;
	u->name = slice_copy(slice_str(user));
	if (!u->name) {
		free(u);
		return -1;
	}
	u->next = store->users;
	store->users = u;
	return 0;
}

static bool make_room(struct user *u)
{
	size_t room = u->room ? 2 * u->room : 16;
	struct stored **messages;

	if (u->count < u->room)
		return true;
	messages = realloc(u->messages, room * sizeof(struct stored *));
	if (!messages)
		return false;
	u->messages = messages;
	u->room = room;
	return true;
}

/* The number behind the last one given; for a defect, the last still there. */
static unsigned long next_name(struct memory_store *store, const struct user *u)
{
	unsigned long last = 0;

	if (!u->count &&
	    switch_is_on(&store->switches, DEFECT_UIDL_BEGINS_ANEW))
		store->delivered = 0;
	if (!switch_is_on(&store->switches, DEFECT_UIDL_REUSED))
		return ++store->delivered;
	for (size_t i = 0; i < u->count; i++)
		if (u->messages[i]->name > last)
			last = u->messages[i]->name;
	return last + 1;
}

int store_memory_deliver(struct maildrop_store *base, const char *user,
			 struct slice octets)
{
	struct memory_store *store = memory_store(base);
	struct stored *m;
	struct user *u;

	if (store_memory_add_user(base, user) < 0)
		return -1;
	u = find_user(store, slice_str(user));
	if (!make_room(u))
		return -1;
	m = stored_new(octets);
	if (!m)
		return -1;
	stored_name(m, next_name(store, u));
	u->messages[u->count++] = m;
	return 0;
}

size_t store_memory_count(const struct maildrop_store *base, const char *user)
{
	const struct user *u = find_user(memory_store(base), slice_str(user));

	return u ? u->count : 0;
}

struct slice store_memory_octets(const struct maildrop_store *base,
				 const char *user, size_t i)
{
	const struct user *u = find_user(memory_store(base), slice_str(user));

	if (!u || i >= u->count)
		return slice_of(NULL, 0);
	return buf_slice(&u->messages[i]->octets);
}

void store_memory_fail_removal(struct maildrop_store *base)
{
	memory_store(base)->removal_fails = true;
}

void store_memory_fail_reading(struct maildrop_store *base, size_t behind)
{
	memory_store(base)->readable = behind;
}
