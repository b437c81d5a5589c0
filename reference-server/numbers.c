/* SPDX-License-Identifier: MIT */
/*
 * Message-numbers (RFC 1939 section 4): the nth message of the maildrop is
 * number n, in decimal, all session long, whatever is deleted meanwhile.
 */
#include "session_state.h"

size_t session_messages(const struct session *s)
{
	return s->maildrop ? s->maildrop->count : 0;
}

/* Where message n is when the marked ones count no more. */
static size_t nth_unmarked(const struct session *s, uint64_t n)
{
	for (size_t i = 0; i < session_messages(s); i++)
		if (!s->marked[i] && --n == 0)
			return i;
	return NO_MESSAGE;
}

static bool is_reversed(const struct session *s)
{
	return switched(s, ODDITY_REVERSED_MAILDROP) ||
	       switched(s, DEFECT_NOOP_READS_ANEW) ||
	       switched(s, DEFECT_RSET_READS_ANEW);
}

size_t session_index(const struct session *s, uint64_t number)
{
	size_t count = session_messages(s);

	if (number < 1 || number > count)
		return NO_MESSAGE;
	if (switched(s, DEFECT_DELE_RENUMBERS))
		return nth_unmarked(s, number);
	if (is_reversed(s))
		return count - (size_t)number;
	return (size_t)number - 1;
}

static struct slice without_sign_and_zeros(struct slice s)
{
	if (slice_starts(s, "+"))
		s = slice_from(s, 1);
	while (s.len > 1 && s.ptr[0] == '0')
		s = slice_from(s, 1);
	return s;
}

static struct slice leading_digits(struct slice s)
{
	size_t n = 0;

	while (n < s.len && s.ptr[n] >= '0' && s.ptr[n] <= '9')
		n++;
	return slice_first(s, n);
}

bool session_number(const struct session *s, struct slice argument, uint64_t *n)
{
	if (grammar(s) == LENIENT)
		argument = without_sign_and_zeros(argument);
	if (switched(s, DEFECT_NUMBER_LIKE_ATOI))
		argument = leading_digits(argument);
	return decimal(argument, n);
}

static void refuse_message(const struct session *s, struct reply *r)
{
	size_t count = session_messages(s);

	if (count == 0)
		reply_err(r, "no such message, maildrop is empty");
	else
		reply_err(r, "no such message, only %zu message%s in maildrop",
			  count, count == 1 ? "" : "s");
}

bool session_find(const struct session *s, struct slice argument,
		  enum switch_name deleted_too, struct message_named *m,
		  struct reply *r)
{
	uint64_t number;

	if (!session_number(s, argument, &number)) {
		reply_err(r, "a message-number is decimal, without sign and "
			     "leading zeros");
		return false;
	}
	if (number == 0 && switched(s, DEFECT_MESSAGE_ZERO))
		number = 1;
	if (switched(s, DEFECT_NUMBER_WRAPS))
		number &= UINT32_MAX;
	m->number = (size_t)number;
	m->index = session_index(s, number);
	if (m->index == NO_MESSAGE) {
		refuse_message(s, r);
		return false;
	}
	if (s->marked[m->index] && !switched(s, deleted_too)) {
		reply_err(r, "message %zu already deleted", m->number);
		return false;
	}
	return true;
}
