/* SPDX-License-Identifier: MIT */
/*
 * One connection of a scenario: what was sent and is still owed a reply, what
 * came, and how far the session has climbed as its replies tell. Everything is
 * written to the transcript, every reply goes through the universal checks.
 */
#ifndef JUDGE_TALK_H
#define JUDGE_TALK_H

#include "evidence.h"
#include "reply.h"
#include "scenario.h"
#include "sent_command.h"
#include "stage.h"
#include "transcript.h"

/* A reply as long as this is cut off: a server that never ends. */
#define TALK_BODY_LIMIT (128u << 20) /* twice a fixture: all of it stuffed */
#define TALK_BODY_LIMIT_LATER (16u << 20) /* once one was endless */

enum talk_result {
	TALK_REPLY,     /* talk->reader.reply has it */
	TALK_CLOSED,    /* the server closed, nothing came before */
	TALK_CUT,       /* the server closed in the middle of a reply */
	TALK_TIMEOUT,   /* nothing came */
	TALK_STALLED,   /* a reply began and never ended */
	TALK_ENDLESS,   /* more than TALK_BODY_LIMIT */
	TALK_CANCELLED,
	TALK_FAILED,    /* we could not connect, or send; talk->error */
	TALK_FORBIDDEN, /* not sent in a look-only run; talk->error */
};

struct talk {
	struct stage *stage;
	struct transcript *transcript;
	const char *scenario; /* for witnesses */
	const char *step;     /* JSON pointer of the step being played */
	uint64_t began;       /* stage time of the scenario's start */
	unsigned client;      /* 0 or 1 */

	struct wire *wire;    /* NULL when not connected */
	bool ended;           /* the server closed or tore it down */
	bool asked;           /* sent something and not waited since */
	uint64_t waited;      /* ms that we would wait for the last reply */
	bool dripped;         /* it kept coming for as long as a whole reply may
				 take, and did not end */
	struct buf in;        /* came, not read yet */
	struct buf partial;   /* of a command whose CRLF was not sent yet */
	struct command *owed; /* commands sent, oldest first */
	size_t owed_count;
	size_t spare; /* replies that may come besides: to what a lenient
			 server takes for lines, ended by CR or LF alone (C22) */
	struct command last;  /* whose reply was read last; "" for a greeting */
	struct reply_reader reader;
	struct evidence evidence; /* of the last reply */
	struct error error;

	/* what the replies tell */
	enum state state;
	bool greeted;
	unsigned errors;      /* -ERR on this connection */
	bool refused;         /* the last reply was -ERR */
	bool refused_sent;    /* ... when something was last sent */
	uint64_t replied;     /* stage time of the last reply */
	bool auth_failed;     /* the last reply refused a login */
	size_t marks;         /* DELE that were answered with +OK */
	bool retrieved;       /* RETR was answered with +OK */
	bool mail_may_come;  /* PASS, APOP, RETR or TOP was sent */
	bool quit;            /* QUIT was sent */
	char timestamp[256];  /* of the greeting, with its <>; "" when none */
};

/* Connect; the greeting is still to be read. */
enum talk_result talk_connect(struct talk *t);

/*
 * Send octets as they are, as one segment or by the stage's split. Commands in
 * them are remembered. TALK_REPLY says that they went out. TALK_FORBIDDEN: this
 * run only looks, and look_only.h is against it.
 */
enum talk_result talk_send(struct talk *t, struct slice octets);

/*
 * Read the next reply, its body into sink. wait_ms counts for each silence; a
 * reply that keeps coming may take TALK_DRIPPING times that.
 */
#define TALK_DRIPPING 10

enum talk_result talk_reply(struct talk *t, uint64_t wait_ms,
			    struct body_sink sink);

/* Nothing came, or nothing more, in time. */
bool talk_gave_up(enum talk_result result);

/* Read nothing for wait_ms: TALK_TIMEOUT when nothing came. */
enum talk_result talk_silence(struct talk *t, uint64_t wait_ms);

/* Has the server closed, as far as is known without waiting? */
bool talk_ended(struct talk *t);

/*
 * Does the server close in wait_ms, and say nothing more before than a
 * farewell? That is an -ERR, and is left unread.
 */
bool talk_only_ends(struct talk *t, uint64_t wait_ms);

void talk_half_close(struct talk *t);
void talk_drop(struct talk *t);  /* FIN; may be connected anew */
void talk_reset(struct talk *t); /* RST; may be connected anew */
void talk_free(struct talk *t);

/*
 * What reports may show of the first line of the last reply, and of octets that
 * came and were not read yet: no secret, and of what may be somebody's mail,
 * which is what talk_hides_line() tells, only the fingerprint.
 */
void talk_line_add(const struct talk *t, struct buf *to);
bool talk_hides_line(const struct talk *t);

/* Note for the universal checks how the last reply was framed. */
void talk_judge_framing(struct talk *t);
void talk_waiting_add(const struct talk *t, struct buf *to);

/* "nothing came for 30 s" and so on. wait_ms is how long we waited. */
void talk_result_explain(const struct talk *t, enum talk_result result,
			 uint64_t wait_ms, struct buf *to);

#endif
