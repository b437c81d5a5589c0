/* SPDX-License-Identifier: MIT */
/*
 * What a defective server makes of the marks when QUIT has come. Most of it
 * shows in a maildrop of many messages only.
 */
#include "session_state.h"

static void mark_neighbours(struct session *s)
{
	for (size_t i = s->maildrop->count; i-- > 1;)
		s->marked[i] |= s->marked[i - 1];
}

/* A list of the marked messages that has room for so many. */
static void keep_first_marks(struct session *s, size_t room)
{
	for (size_t i = 0; i < s->maildrop->count; i++) {
		if (s->marked[i] && !room)
			s->marked[i] = false;
		else
			room -= s->marked[i];
	}
}

static void unmark_from(struct session *s, size_t first)
{
	for (size_t i = first; i < s->maildrop->count; i++)
		s->marked[i] = false;
}

/* A word of so many bits is what tells messages apart. */
static void mark_alike(struct session *s, size_t bits)
{
	for (size_t i = bits; i < s->maildrop->count; i++)
		s->marked[i % bits] |= s->marked[i];
	for (size_t i = bits; i < s->maildrop->count; i++)
		s->marked[i] = s->marked[i % bits];
}

/* What is left when most is gone is not worth a file. */
static void mark_the_few(struct session *s)
{
	size_t marked = 0;

	for (size_t i = 0; i < s->maildrop->count; i++)
		marked += s->marked[i];
	for (size_t i = 0; marked * 10 >= s->maildrop->count * 9 &&
			   i < s->maildrop->count;
	     i++)
		s->marked[i] = true;
}

void update_slips(struct session *s)
{
	if (switched(s, DEFECT_UPDATE_REMOVES_NOTHING))
		session_unmark(s);
	if (switched(s, DEFECT_UPDATE_REMOVES_NEIGHBOUR))
		mark_neighbours(s);
	if (switched(s, DEFECT_UPDATE_REMOVES_TWO))
		keep_first_marks(s, 2);
	if (switched(s, DEFECT_UPDATE_REMOVES_99))
		keep_first_marks(s, 99);
	if (switched(s, DEFECT_UPDATE_UP_TO_TEN))
		unmark_from(s, 10);
	if (switched(s, DEFECT_UPDATE_BY_32))
		mark_alike(s, 32);
	if (switched(s, DEFECT_UPDATE_KEEPS_NO_FEW))
		mark_the_few(s);
}
