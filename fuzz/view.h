/* SPDX-License-Identifier: MIT */
/*
 * One session as its client sees it, and what RFC 1939 (RFC 6856 for LANG and
 * UTF8, RFC 1460 for LAST) says must follow from it: which replies are due,
 * which messages are marked, what may be removed. It knows nothing of the
 * server but what was sent and what was said.
 * STLS is RFC 2595's: the handshake is left out, it succeeds at once.
 */
#ifndef FUZZ_VIEW_H
#define FUZZ_VIEW_H

#include "mail.h"
#include "said.h"

struct view {
	struct mail *mail; /* borrowed, shared by all sessions */
	/* what the server may do here */
	bool cannot_read, cannot_remove;
	bool tls_offered;
	bool secrets_need_tls; /* USER and PASS are refused in clear */
	bool has_last;
	bool busy; /* another session has the maildrop */

	struct buf partial; /* of a command whose CRLF was not sent yet */
	bool greeted;
	bool in;   /* the TRANSACTION state */
	bool over; /* nothing more is due */
	bool tls;  /* STLS was obeyed */
	bool exchanging; /* AUTH is not answered: each line is a response */
	bool of_plain;	 /* its mechanism */
	bool proved;	 /* somebody did in it who he is */
	bool user_said; /* USER mrose was the last command, and accepted */
	bool utf8;      /* UTF-8 mode */
	bool localized; /* LANG chose a language: texts may be UTF-8 */
	size_t accessed; /* the highest message-number by RETR and DELE */
	size_t ids[MAIL_LIMIT]; /* message-number n is mail's ids[n - 1] */
	size_t count;
	bool marked[MAIL_LIMIT];
};

/*
 * The client sent octets, and said is what the server answered, all of it;
 * none of it to what is behind an STLS that is obeyed.
 * let_in: somebody proved who he is meanwhile. Checks each reply.
 */
void view_turn(struct view *v, struct slice octets, struct slice said,
	       bool let_in);
void view_free(struct view *v);

#endif
