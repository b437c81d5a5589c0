/* SPDX-License-Identifier: MIT */
/*
 * One POP3 session (RFC 1939) as a step function: octets and time in, octets
 * out. No descriptor, clock, thread or file. What only the outside can do is
 * named by session_want(); until the answer comes the session is busy.
 *
 *	for (;;) {
 *		send session_output(), then session_sent()
 *		do what session_want() names and answer it
 *		wait for the client, or until session_deadline()
 *		session_tick(), then session_feed() what came
 *	}
 */
#ifndef POP3_SESSION_H
#define POP3_SESSION_H

#include "bytes.h"
#include "double.h"
#include "languages.h"
#include "maildrop.h"
#include "switches.h"
#include "tls_facts.h"

#include <stdint.h>

#define SESSION_NEVER UINT64_MAX

struct session_config {
	const char *host;      /* named in the farewell */
	const char *timestamp; /* "<left@right>", another for each session, 254
				  octets at most; NULL: no APOP (section 7) */
	const char *mechanisms; /* of AUTH, as CAPA lists them: in capital
				   letters, separated by one space, 400 octets
				   at most; NULL or empty: no AUTH */
	uint64_t autologout;   /* ms without a command, 0 is never */
	enum language language; /* that LANG * chooses (RFC 6856 section 3) */
	unsigned login_delay;  /* s from a login of a user to his next one, the
				  longest of all users; 0: none (RFC 2449
				  section 6.5). The outside keeps the time */
	bool login_delay_differs; /* see session_login_delay() */
	unsigned expire_days;  /* that mail stays at least, by a policy of the
				  site that only CAPA tells of; 0: it stays
				  for ever (RFC 2449 section 6.7) */
	bool implementation_is_late; /* CAPA names us after the login only */
	bool legacy_last;      /* there is LAST (RFC 1460) */
	size_t output;	       /* octets of a body that session_output()
				  collects, where a few KiB at a time are too
				  little; 0: they are enough */
	uint64_t number;       /* of this connection, from 1 on */
	const char *earlier;   /* the timestamp of the one before, or NULL;
				  borrowed by session_new() only */
	bool tls_offered;      /* WANT_START_TLS can be answered: STLS */
	bool secrets_need_tls; /* no USER and PASS in clear */
	const struct tls_facts *tls; /* below the session from its birth on;
					NULL: it begins in clear */
	struct switches switches; /* defects and oddities, all off is right */
	const struct doubles *doubles; /* what happens instead, or NULL */
};

struct session;

/*
 * A session that just got its connection at time now (ms); its greeting waits
 * in session_output(). Borrows the strings of config, and its tls, until
 * session_free().
 * Returns owned, or NULL without memory.
 */
struct session *session_new(const struct session_config *config, uint64_t now);

/* Frees s; an open maildrop is closed, and nothing is removed from it. */
void session_free(struct session *s);

/*
 * Feed octets that came from the client; any number, split anywhere. Borrows
 * them for the call. Returns how many it took; the rest is for later. None
 * while a body or more than a few KiB of output wait or an answer is owed, none
 * behind QUIT or STLS. Commands are answered in the order in which they came
 * (RFC 2449 section 6.6). A command restarts the autologout timer from the time
 * of the last session_tick(): tick before you feed.
 */
size_t session_feed(struct session *s, struct slice octets);

/*
 * The client will send nothing more (end of file): no QUIT, so no UPDATE. Say
 * it when all that came was taken; what is owed to it is still answered.
 */
void session_end_of_input(struct session *s);

/*
 * Octets for the client, borrowed until the next call; empty when there are
 * none now. Bodies are pulled piece by piece: a RETR of any size takes a few
 * KiB, beyond what config asks for. session_sent() says how many of them went
 * out; it restarts the autologout timer, too, because a client that takes
 * octets is not idle.
 *
 * When a message cannot be read to its end, the body stops without terminator
 * and the session closes: nothing else would tell the client that it is cut.
 */
struct slice session_output(struct session *s);
void session_sent(struct session *s, size_t octets);

/*
 * Time passed; now (ms) never goes back. At the autologout the session closes
 * without a word and without UPDATE (RFC 1939 section 3).
 */
void session_tick(struct session *s, uint64_t now);

/* When session_tick() is wanted next, or SESSION_NEVER. */
uint64_t session_deadline(const struct session *s);

enum want {
	WANT_INPUT,  /* octets from the client, or time */
	WANT_VERIFY, /* check session_credentials(), session_verified(): with
			neither password nor digest, whether there is a user */
	WANT_AUTH,   /* a SASL mechanism hears session_auth(), and answers by
			session_challenged(), session_authenticated() or
			session_refused() */
	WANT_OPEN,   /* open session_credentials()->user, session_opened() */
	WANT_FIND,   /* find message session_sought(), session_found() */
	WANT_UPDATE, /* remove session_marked(), session_updated() */
	WANT_START_TLS, /* send what is left of the output, then start TLS,
			   session_tls_started() */
	WANT_CLOSE,  /* send what is left of the output, then close */
};

enum want session_want(const struct session *s);

/* Why a session is over that wants to be closed. */
enum ending { ENDED_BY_QUIT, ENDED_BY_CLIENT, ENDED_BY_TIME, ENDED_BY_SERVER };

enum ending session_ending(const struct session *s);

/* What a client says to prove who it is. Borrowed until it is answered. */
struct credentials {
	struct slice user;
	struct slice password;  /* of PASS; ptr is NULL for APOP */
	bool password_as_far;   /* a shorter one is right as far as it goes: a
				   defect */
	bool password_of_any;   /* that of any user is right: a defect */
	struct slice digest;    /* of APOP: 32 hexadecimal digits as sent */
	bool digest_as_far;     /* a shorter one is right as far as it goes: a
				   defect */
	struct slice timestamp; /* of APOP: with its angle brackets */
};

const struct credentials *session_credentials(const struct session *s);
void session_verified(struct session *s, bool right);

/*
 * The TLS handshake succeeded; what it tells is borrowed until session_free().
 * When it fails, session_free() is the answer.
 *
 * Octets that came in clear behind STLS are neither fed nor handed to the
 * handshake, but dropped: whoever put them there is not the client that will be
 * known by TLS. In the same way the session forgets what was said before (RFC
 * 2595 section 4). There is no second greeting.
 */
void session_tls_started(struct session *s, const struct tls_facts *facts);

/*
 * What a client says in a SASL exchange (RFC 5034 section 4, RFC 4422).
 * Borrowed until it is answered. An exchange that the client cancels, or breaks
 * off by what is no base64, ends without a word to the outside: the next one
 * begins anew.
 */
struct auth_said {
	struct slice mechanism; /* one of those of config */
	bool begins;		/* with AUTH */
	struct slice response;	/* decoded; ptr is NULL when there is none */
};

const struct auth_said *session_auth(const struct session *s);

/* The mechanism challenges the client; borrows the octets for the call. */
void session_challenged(struct session *s, struct slice challenge);

/*
 * The client is user (borrowed for the call), whose maildrop is wanted next.
 * Data that goes with a success (RFC 4422 section 3.6) is sent as a last
 * challenge, which an empty response must answer, because POP3 has no other
 * place for it; its ptr is NULL when there is none.
 */
void session_authenticated(struct session *s, struct slice user,
			   struct slice data);

/* Why an exchange failed (RFC 3206 sections 4 and 5). */
enum refusal {
	REFUSED_CREDENTIALS, /* wrong, unknown or not allowed: [AUTH] */
	REFUSED_RESPONSE,    /* not what the mechanism asks for */
	REFUSED_FOR_NOW,     /* our fault, and it may pass: [SYS/TEMP] */
	REFUSED_FOR_GOOD,    /* our fault, and it will not: [SYS/PERM] */
};

void session_refused(struct session *s, enum refusal why);

/*
 * Where delays differ: that of the user who logs in (s), at most that of the
 * config. To be said before session_opened().
 */
void session_login_delay(struct session *s, unsigned delay);

/* Takes m when how is MAILDROP_OPENED. */
void session_opened(struct session *s, enum maildrop_opened how,
		    struct maildrop *m);

/*
 * The message (0 is the first) that RETR or TOP wants and that is not where it
 * was; and whether find() of maildrop.h found it. Then it is sent.
 */
size_t session_sought(const struct session *s);
void session_found(struct session *s, bool found);

/* The maildrop that is open, and for UPDATE count marks, one a message. */
struct maildrop *session_maildrop(const struct session *s);
const bool *session_marked(const struct session *s);
void session_updated(struct session *s, size_t still_there);

#endif
