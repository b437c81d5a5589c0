/* SPDX-License-Identifier: MIT */
/* What a session remembers. For the files of the core only. */
#ifndef POP3_SESSION_STATE_H
#define POP3_SESSION_STATE_H

#include "auth.h"
#include "command.h"
#include "render.h"
#include "session.h"

enum state { AUTHORIZATION = 1, TRANSACTION = 2, UPDATE = 4 };

/* A listing that is being sent, one line at a time. */
struct listing {
	size_t next;   /* 0 is the first line */
	size_t lines;  /* made so far */
	size_t octets; /* of them */
	enum switch_name shows_deleted;
	enum switch_name shifts; /* with a number: counts what is unmarked */
	/* Writes what is said of a message to text, as snprintf does. */
	int (*line)(const struct session *s, size_t number, size_t i,
		    char *text, size_t room);
};

struct total {
	size_t messages;
	uint64_t octets;
};

struct session {
	struct session_config config;
	char timestamp[COMMAND_OCTETS]; /* as greeted; empty: no APOP */
	char earlier[COMMAND_OCTETS];   /* of the connection before */
	bool greeted;
	enum state state;
	enum want want;
	bool ended; /* the client will send nothing more */
	bool timed_out; /* at the autologout */
	bool finished;	/* by QUIT */
	uint64_t born;
	uint64_t now;	 /* of the last tick */
	uint64_t active; /* when the autologout timer was started last */
	bool is_ending;	   /* at ends_at; until then nothing is read */
	bool is_refusing;  /* a login, by reply_later, at ends_at; the same */
	uint64_t ends_at;
	void (*held)(struct session *s); /* goes on at held_until, or NULL */
	uint64_t held_until;
	struct reply *reply_later; /* owned; NULL while nothing waits for it */

	struct line line;
	const struct verb *previous; /* the command before, if it was +OK */
	struct render render;
	unsigned errors;
	unsigned commands; /* obeyed in the TRANSACTION state */
	bool quitting; /* QUIT was answered, or waits for the maildrop */
	bool utf8;     /* UTF-8 mode (RFC 6856 section 2) */
	unsigned login_delay; /* s, that CAPA tells */

	char user[COMMAND_OCTETS];
	size_t user_len;
	char digest[32]; /* in lower case, where capitals are forgiven */
	struct credentials credentials;
	unsigned failed_logins; /* by PASS and by APOP */
	unsigned failed_apops;
	struct auth auth;
	bool user_is_known;   /* said of the USER before, where it is asked */
	bool user_is_asked;   /* whether there is one: the reply to USER */
	bool failure_is_told; /* the same for the reply to a failed login */
	bool password_again;  /* PASS without a USER before it */
	bool user_was_parted; /* from its PASS, by another command */
	bool login_lower_case;   /* the keyword of the login */
	bool lock_comes_first;   /* before a login that will be refused */
	struct maildrop *leaked; /* locked by a login that was refused */

	struct maildrop *maildrop; /* open from login to UPDATE */
	bool *marked;		   /* as deleted, one for each message */
	bool *retrieved;	   /* the same; behind marked, not owned */
	struct listing listing;
	size_t sought; /* the message that is being looked for; reply_later is
			  what is said when it is found */
	struct buf looked_at; /* the front of the message that is sent next */
	size_t accessed; /* the highest message-number (RFC 1460, LAST) */
	struct total all;      /* in the maildrop */
	struct total unmarked; /* of these; what sets a mark keeps it right */
	struct total counted; /* by STAT, for the defect stat-cached */
	bool is_counted;
	size_t marked_last; /* by DELE */
};

static inline bool switched(const struct session *s, enum switch_name name)
{
	return switch_is_on(&s->config.switches, name);
}

/* Which RFC 2449 forbids to a server that has CAPA (ruling C42). */
static inline bool greets_with_brackets(const struct session *s)
{
	return switched(s, ODDITY_BRACKETS_BEFORE_TIMESTAMP) ||
	       switched(s, ODDITY_BRACKETS_BEHIND_TIMESTAMP);
}

/* What was retrieved goes at QUIT, as section 8 allows. */
static inline bool deletes_retrieved(const struct session *s)
{
	return switched(s, ODDITY_DELETES_RETRIEVED) ||
	       switched(s, ODDITY_TOP_LIMITED);
}

/* How strictly this session reads commands. */
static inline enum grammar grammar(const struct session *s)
{
	return switched(s, ODDITY_LENIENT_GRAMMAR) ? LENIENT : STRICT;
}

/* The command before was a USER that got +OK. */
bool session_has_user(const struct session *s);

/* Ask the outside whether there is the user of USER. */
void session_ask_for_user(struct session *s);

/*
 * Keep r, which is said when a wait is over, as reply_later. Returns false
 * without memory. Take it from there; nothing is kept any more.
 */
bool session_keep_reply(struct session *s, const struct reply *r);
struct reply session_take_reply(struct session *s);

/* Send r, unless it is for later. */
void session_answer(struct session *s, const struct reply *r);

/* Read nothing more, and close a little later: what session_end_now() does. */
void session_end_soon(struct session *s);
void session_end_now(struct session *s);

/* An -ERR that no command asked for, and the end. */
void session_say_farewell(struct session *s);

/* Refuse a login with r, and close where this server does. */
void session_refuse(struct session *s, const struct reply *r);

/* Say what is_refusing held back: the pause before it is over. */
void session_refuse_now(struct session *s);

/*
 * What a double does instead of go_on, which answers command (acting.c): true
 * when that is done, or is for later.
 */
bool session_acts(struct session *s, struct slice command,
		  void (*go_on)(struct session *s));

/* An answer came: wait for the client again, if it is still there. */
void session_resume(struct session *s);

/* Release the maildrop and the marks; the session is nobody's again. */
void session_close_maildrop(struct session *s);

/*
 * How wrong servers read (wrong_input.c). The octets of the line that has come;
 * how its end is found; how much of octets may belong to it; how many octets
 * more than taken it has.
 */
void session_misread(struct session *s);
enum grammar session_line_grammar(const struct session *s);
struct slice session_line_part(const struct session *s, struct slice octets);
size_t session_end_line(struct session *s, struct slice part,
			struct slice octets, size_t taken);

/*
 * True when octets that come while a reply is being sent are lost; when the
 * rest of a segment is, behind a command; when the end of input removes.
 */
bool session_cuts_body(struct session *s, struct slice octets);
bool session_loses_rest(struct session *s, unsigned errors, size_t *commands);
bool session_end_removes(struct session *s);

/* STLS would be obeyed now. */
bool session_can_start_tls(const struct session *s);

/* A password may be sent: in clear, or by TLS where the config asks for it. */
bool session_takes_secrets(const struct session *s);
void session_refuse_secret(const struct session *s, struct reply *r);

/* Ask for the same maildrop again, as it is by now. */
void session_reopen(struct session *s);

/* How many messages the maildrop has, marked or not. */
size_t session_messages(const struct session *s);

/* Message i (0 is the first) is marked as deleted from now on, or not. */
void session_mark(struct session *s, size_t i, bool marked);

/* No message is marked as deleted any more. */
void session_unmark(struct session *s);

/* The maildrop and its marks are others: all is counted. */
void session_count(struct session *s);

/* What a defective server makes of a password or digest that was judged. */
bool login_slips(const struct session *s, bool right);

/* What a defective server makes of the marks before UPDATE. */
void update_slips(struct session *s);

#define NO_MESSAGE SIZE_MAX

/* Where the maildrop has the message of that number, or NO_MESSAGE. */
size_t session_index(const struct session *s, uint64_t number);

/* Read a decimal number, as strictly as this session does. */
bool session_number(const struct session *s, struct slice argument,
		    uint64_t *n);

/* Where the nth message is when the marked ones count no more. */
size_t session_nth_unmarked(const struct session *s, uint64_t n);

struct message_named {
	size_t number;
	size_t index; /* in the maildrop */
};

/*
 * Find the message that an argument names. It may not be marked as deleted, but
 * for the defect deleted_too. Returns false, and r says why, when there is
 * none.
 */
bool session_find(const struct session *s, struct slice argument,
		  enum switch_name deleted_too, struct message_named *m,
		  struct reply *r);

/* The full stops that byte-stuffing adds to a message, for defects of sizes. */
uint64_t octets_stuffed(struct maildrop *m, size_t message);

/* What is in the maildrop, less what is marked; takes no time. */
struct total session_total(const struct session *s);

/* Enter the UPDATE state (RFC 1939 section 6). */
void session_update(struct session *s);

/*
 * 1 when message i (0 is the first), which lies open at its first octet, has a
 * header beyond ASCII, which may not go to this client (RFC 6856 section 2.1);
 * 0 when not: then it is sent from what was kept in looked_at on. -1 when it
 * cannot be read.
 */
int session_needs_utf8(struct session *s, size_t i);

/* Make of the reply that would send it an error, or one with a surrogate. */
void session_withhold(struct session *s, struct reply *r);

/* Room for a unique-id: 70 octets (section 7, UIDL), one too many, a NUL. */
#define UNIQUE_ID_TEXT 72

/* The unique-id of message i, whose message-number is number. */
void session_unique_id(const struct session *s, size_t number, size_t i,
		       char text[UNIQUE_ID_TEXT]);

#endif
