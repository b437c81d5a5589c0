/* SPDX-License-Identifier: MIT */
#include "mail.h"
#include "said.h"
#include "store_memory.h"

#include <stdlib.h>

void mail_normalise(struct slice octets, struct buf *to)
{
	while (octets.len) {
		size_t end = slice_find(octets, '\n');
		struct slice line = slice_first(octets, end);
		bool cr = end < octets.len && slice_ends(line, "\r");

		octets = slice_from(octets, end + 1);
		buf_add(to, line);
		buf_add_str(to, cr ? "\n" : "\r\n");
	}
}

void mail_deliver(struct mail *m, struct maildrop_store *store,
		  const char *user, struct slice octets)
{
	struct mail_message *message = &m->list[m->count];

	if (m->count == MAIL_LIMIT)
		return;
	if (store_memory_deliver(store, user, octets))
		abort();
	*message = (struct mail_message){ 0 };
	mail_normalise(octets, &message->sent);
	m->count++;
}

void mail_check(const struct mail *m, const struct maildrop_store *store,
		const char *user)
{
	size_t at = 0;

	for (size_t i = 0; i < m->count; i++) {
		struct slice sent = buf_slice(&m->list[i].sent), stored;

		if (m->list[i].removed)
			continue;
		stored = store_memory_octets(store, user, at++);
		fuzz_holds(stored.len + 2 >= sent.len,
			   "unmarked mail is not removed", sent);
		fuzz_equal(stored, slice_first(sent, stored.len),
			   "mail is kept as it was delivered");
	}
	fuzz_same(store_memory_count(store, user), at,
		  "QUIT removes what is marked and no other");
}

void mail_free(struct mail *m)
{
	for (size_t i = 0; i < m->count; i++)
		buf_free(&m->list[i].sent);
}

struct slice mail_top(struct slice sent, uint64_t lines)
{
	struct slice rest = sent;

	while (rest.len && line_take(&rest).len)
		;
	while (rest.len && lines--)
		line_take(&rest);
	return slice_first(sent, sent.len - rest.len);
}
