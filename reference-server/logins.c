/* SPDX-License-Identifier: MIT */
#include "logins.h"

#include <string.h>

/* Where user stands, or LOGINS_ROOM. */
static size_t find(const struct logins *l, struct slice user)
{
	size_t i = 0;

	while (i < LOGINS_ROOM && !slice_is(user, l->list[i].user))
		i++;
	return user.len ? i : LOGINS_ROOM;
}

/* A free place, or that of the login which is longest ago. */
static size_t oldest(const struct logins *l)
{
	size_t place = 0;

	for (size_t i = 0; i < LOGINS_ROOM; i++) {
		if (!l->list[i].user[0])
			return i;
		if (l->list[i].at < l->list[place].at)
			place = i;
	}
	return place;
}

void logins_note(struct logins *l, struct slice user, uint64_t now)
{
	size_t i = find(l, user);

	if (!user.len || user.len > USER_NAME_MAX)
		return;
	if (i == LOGINS_ROOM) {
		i = oldest(l);
		memcpy(l->list[i].user, user.ptr, user.len);
		l->list[i].user[user.len] = '\0';
	}
	l->list[i].at = now;
}

bool logins_too_soon(const struct logins *l, struct slice user, uint64_t now,
		     uint64_t delay)
{
	size_t i = delay ? find(l, user) : LOGINS_ROOM;

	return i < LOGINS_ROOM && now - l->list[i].at < delay;
}
