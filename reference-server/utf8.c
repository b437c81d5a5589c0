/* SPDX-License-Identifier: MIT */
/*
 * UTF8 (RFC 6856 section 2): mail whose header fields are UTF-8.
 *
 * Outside of UTF-8 mode such a message may go out as a surrogate, or not at
 * all. A surrogate has no address that could be answered, or a false one; so
 * RETR and TOP say -ERR [UTF8], and what is in the maildrop stays what it is.
 * Bodies of eight bits are no matter of this mode (RFC 6152, ruling C14), and
 * the headers of a part of one are of the body here.
 */
#include "verbs.h"

#include <stdio.h>

/* Octets of a header that are kept while they are looked at. */
#define KEPT 65536

/* ... and that are looked at. What has no blank line by then has no header. */
#define LOOKED_AT (4u << 20)

void verb_utf8(struct session *s, const struct command *c, struct reply *r)
{
	(void)c;
	if (switched(s, ODDITY_UTF8_REFUSED)) {
		reply_err(r, "no UTF-8 mode");
		return;
	}
	s->utf8 = !switched(s, DEFECT_UTF8_MODE_IS_NONE);
	reply_ok(r, "UTF-8 mode");
}

/* What a header has shown so far. */
struct look {
	size_t line; /* octets of the line, without its end */
	bool ended;  /* the blank line came */
	bool beyond; /* an octet beyond ASCII did */
};

static void look_at(struct look *l, struct slice octets)
{
	for (size_t i = 0; i < octets.len && !l->ended && !l->beyond; i++) {
		unsigned char octet = (unsigned char)octets.ptr[i];

		l->beyond = octet > 127;
		if (octet == '\n') {
			l->ended = l->line == 0;
			l->line = 0;
		} else if (octet != '\r') {
			l->line++;
		}
	}
}

/* Returns false at the end of the message, or where it cannot be read. */
static bool read_on(struct session *s, struct look *l)
{
	struct maildrop *m = s->maildrop;
	char *to = buf_reserve(&s->looked_at, RENDER_PIECE);
	long n = to ? m->ops->read(m, to, RENDER_PIECE, NULL) : -1;

	if (n <= 0)
		return false;
	s->looked_at.len += (size_t)n;
	look_at(l, slice_of(to, (size_t)n));
	return true;
}

/* Looks at the rest of a long header, and begins the message anew. */
static bool look_on(struct session *s, size_t i, struct look *l)
{
	struct maildrop *m = s->maildrop;
	char piece[RENDER_PIECE];
	size_t octets = s->looked_at.len;
	long n = 1;

	buf_clear(&s->looked_at);
	while (!l->ended && !l->beyond && n > 0 && octets < LOOKED_AT) {
		n = m->ops->read(m, piece, sizeof(piece), NULL);
		octets += n > 0 ? (size_t)n : 0;
		look_at(l, slice_of(piece, n > 0 ? (size_t)n : 0));
	}
	return m->ops->rewind(m, i, NULL) == 0;
}

int session_needs_utf8(struct session *s, size_t i)
{
	struct look l = { 0 };

	buf_clear(&s->looked_at);
	if (s->utf8 || !verbs_available(s, verb_utf8) ||
	    switched(s, DEFECT_UTF8_SENT_AS_IS))
		return 0;
	while (!l.ended && !l.beyond && s->looked_at.len < KEPT)
		if (!read_on(s, &l))
			return l.beyond;
	if (!l.ended && !l.beyond && !look_on(s, i, &l))
		return -1;
	return l.beyond;
}

static long read_surrogate(void *of, char *to, size_t room)
{
	struct session *s = of;

	if (s->listing.next++)
		return 0;
	return snprintf(to, room,
			"Subject: A message that needs UTF-8 mode\r\n\r\n"
			"Your mail client cannot show it.\r\n");
}

void session_withhold(struct session *s, struct reply *r)
{
	if (switched(s, ODDITY_UTF8_SURROGATE)) {
		s->listing = (struct listing){ 0 };
		r->body = (struct source){ read_surrogate, s };
		return;
	}
	*r = (struct reply){ 0 };
	reply_err(r, "[UTF8] this message is for clients in UTF-8 mode");
}
