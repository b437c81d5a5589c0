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

size_t session_nth_unmarked(const struct session *s, uint64_t n)
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
		return session_nth_unmarked(s, number);
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

static bool read_digits(struct slice digits, unsigned base, uint64_t *n)
{
	*n = 0;
	for (size_t i = 0; i < digits.len; i++) {
		unsigned digit = slice_at(digits, i) - (unsigned)'0';

		if (digit > 9 || digit >= base)
			return false;
		*n = *n * base + digit;
	}
	return digits.len;
}

static bool read_from_the_end(const struct session *s, struct slice argument,
			      uint64_t *n)
{
	uint64_t back;

	if (!slice_starts(argument, "-") ||
	    !decimal(slice_from(argument, 1), &back) ||
	    back > session_messages(s))
		return false;
	*n = session_messages(s) + 1 - back;
	return true;
}

/* Spellings that only a defect takes for a number. */
static bool misread(const struct session *s, struct slice argument, uint64_t *n)
{
	if (switched(s, DEFECT_NUMBER_FROM_THE_END) &&
	    read_from_the_end(s, argument, n))
		return true;
	if (switched(s, DEFECT_NUMBER_IN_HEXADECIMAL) &&
	    slice_starts(argument, "0x"))
		return read_digits(slice_from(argument, 2), 16, n);
	return switched(s, DEFECT_NUMBER_IN_OCTAL) &&
	       slice_starts(argument, "0") && read_digits(argument, 8, n);
}

/* As many digits as a defective buffer has room for. */
static struct slice cut(const struct session *s, struct slice argument)
{
	if (switched(s, DEFECT_NUMBER_OF_ONE_DIGIT))
		return slice_first(argument, 1);
	if (switched(s, DEFECT_NUMBER_OF_THREE_DIGITS))
		return slice_first(argument, 3);
	return argument;
}

static uint64_t wrap(const struct session *s, uint64_t number)
{
	if (switched(s, DEFECT_NUMBER_WRAPS))
		return number & UINT32_MAX;
	if (switched(s, DEFECT_NUMBER_LOSES_ITS_SIGN))
		return number & INT32_MAX;
	if (switched(s, DEFECT_NUMBER_OF_16_BITS))
		return number & UINT16_MAX;
	return number;
}

static bool message_number(const struct session *s, struct slice argument,
			   uint64_t *n)
{
	if (!misread(s, argument, n) &&
	    !session_number(s, cut(s, argument), n))
		return false;
	*n = wrap(s, *n);
	return true;
}

static void refuse_message(const struct session *s, struct reply *r)
{
	size_t count = session_messages(s);

	if (count == 0)
		reply_err(r, "no such message, maildrop is empty");
	else
		reply_err(r,
			  count == 1
				  ? "no such message, only %zu message in "
				    "maildrop"
				  : "no such message, only %zu messages in "
				    "maildrop",
			  count);
}

bool session_find(const struct session *s, struct slice argument,
		  enum switch_name deleted_too, struct message_named *m,
		  struct reply *r)
{
	uint64_t number;

	if (!message_number(s, argument, &number)) {
		reply_err(r, "a message-number is decimal, without sign and "
			     "leading zeros");
		return false;
	}
	if (number == 0 && switched(s, DEFECT_MESSAGE_ZERO))
		number = 1;
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
