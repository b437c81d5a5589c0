/* SPDX-License-Identifier: MIT */
/*
 * Unique-ids (RFC 1939 section 7, UIDL) are the store's; here stand the ways to
 * have others, legal and illegal.
 */
#include "session_state.h"

#include <inttypes.h>
#include <stdio.h>

#define HASH_START 14695981039346656037u /* FNV-1a, 64 bits */

static uint64_t hash(uint64_t h, struct slice octets)
{
	for (size_t i = 0; i < octets.len; i++)
		h = (h ^ slice_at(octets, i)) * 1099511628211u;
	return h;
}

static uint64_t hash_of_message(const struct session *s, size_t i)
{
	struct maildrop *m = s->maildrop;
	uint64_t h = HASH_START;
	char piece[RENDER_PIECE];
	long n = m->ops->rewind(m, i, NULL);

	if (n < 0)
		return h;
	while ((n = m->ops->read(m, piece, sizeof(piece), NULL)) > 0)
		h = hash(h, slice_of(piece, (size_t)n));
	return h;
}

static uint64_t hash_of_session(const struct session *s)
{
	uint64_t h = hash(HASH_START, slice_str(s->config.timestamp));

	return hash(h, slice_of(&s->born, sizeof(s->born)));
}

static const char punctuation[UNIQUE_ID_TEXT] =
	"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~!\"#$%&'()*+,-./"
	":;<=>?@[\\]^_`{|}~!!";

void session_unique_id(const struct session *s, size_t number, size_t i,
		       char text[UNIQUE_ID_TEXT])
{
	const size_t room = UNIQUE_ID_TEXT - 1;
	const char *id = s->maildrop->messages[i].unique_id;

	if (switched(s, DEFECT_UIDL_OF_8_BITS))
		id = s->maildrop->messages[i % 256].unique_id;
	if (switched(s, DEFECT_UIDL_NOT_STABLE))
		snprintf(text, room, "%016" PRIx64 ".%zu", hash_of_session(s),
			 i);
	else if (switched(s, DEFECT_UIDL_IS_THE_SIZE))
		snprintf(text, room, "%" PRIu64,
			 s->maildrop->messages[i].size);
	else if (switched(s, DEFECT_UIDL_TOO_LONG))
		snprintf(text, room + 1, "%s%s", id, punctuation);
	else if (switched(s, DEFECT_UIDL_IS_THE_NUMBER))
		snprintf(text, room, "%zu", number);
	else if (switched(s, ODDITY_HASH_UNIQUE_IDS))
		snprintf(text, room, "%016" PRIx64, hash_of_message(s, i));
	else if (switched(s, ODDITY_LONG_UNIQUE_IDS))
		snprintf(text, room, "%s%s", id, punctuation);
	else
		snprintf(text, room, "%s", id);
}
