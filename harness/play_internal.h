/* SPDX-License-Identifier: MIT */
/* Shared by the files of the player, play*.c. */
#ifndef JUDGE_PLAY_INTERNAL_H
#define JUDGE_PLAY_INTERNAL_H

#include "play.h"
#include "recognise.h"
#include "climb.h"

#define RETRIEVED_MAY_GO                                                      \
	"a site may delete what was retrieved, once the client quits (C37)"

#define CANNOT_DELIVER                                                        \
	"no mail can be delivered in mid-session: the target says not how"

/* Why the whole scenario should be played anew, and how long that is worth. */
enum try_again {
	TRY_NOT,
	TRY_SESSION, /* the server began no session (C30): WAIT_LOCK */
	TRY_LOCK,    /* a response code says that it passes: WAIT_LOCK */
	TRY_LOGIN,   /* a refusal that a lingering lock explains: WAIT_UPDATE */
	TRY_QUIETLY, /* QUIT may have crossed the close behind an error: once */
};

struct play {
	const struct scenario *scenario;
	struct stage *stage;
	struct findings *out;
	struct bindings bindings;
	struct transcript transcript;
	struct talk talks[2];
	const struct step *sent[2];       /* last "C:" on each connection */
	const struct answer *greeting[2]; /* that bound names of a greeting */
	size_t out_start;    /* where this scenario's verdicts begin */
	uint64_t octets;     /* sent so far */
	bool given;          /* in the steps of "given" */
	bool judged;         /* the first requirement has its verdict */
	const char *label;   /* of the last answer taken, borrowed */
	bool retrieved;      /* RETR, then QUIT, in a session that is over */
	enum try_again again; /* what stopped it may pass */
	uint64_t quiet;      /* ms to wait before a QUIT behind an error reply,
				for a close that is only late; or 0 */
	const struct fixture *whole; /* the stage's fixture, while mail of it
					is held back; else NULL */
	struct fixture there;  /* what of it has been put into the maildrop */
	const char *awaited;   /* delivered last, and not yet seen, or NULL */
	uint64_t began;      /* this attempt */
	uint64_t first;      /* the first of them */
};

enum flow { GO_ON, STOP };

/* Something is not as the RFC says. Strings are borrowed for the call. */
struct breach {
	const char *pointer;     /* of the step or answer */
	const char *requirement; /* NULL: the scenario's first */
	const struct command *command; /* that should have been obeyed and was
					  not; NULL: none, or it was */
	const char *ruling;      /* NULL: the register's */
	const char *label;       /* NULL: none */
	enum outcome as;         /* FAIL: as the register says; or softer;
				    LOST: a reply was owed */
	bool listed;             /* an answer that the scenario knows: it may
				    go on behind a mild one */
	struct buf cause;            /* taken, as are these: */
	struct buf expected, actual;
};

/* Report b; STOP unless it is of a kind that the scenario goes on after. */
enum flow play_breach(struct play *p, struct breach *b);

/* Report that o stood in the way at pointer. Always STOP. */
enum flow play_blocked(struct play *p, const char *pointer,
		       struct obstacle *o);

/* Report outcome (ERROR, NOTRUN, BLOCKED) for the first requirement. STOP. */
enum flow play_ends(struct play *p, enum outcome outcome,
		    const char *requirement, const char *pointer,
		    const char *why);

/*
 * Add a copy of v, a verdict on requirement in s, with all that the register
 * and the scenario say of it.
 */
void findings_add(struct findings *out, const struct stage *stage,
		  const struct scenario *s, const char *requirement,
		  struct verdict v);

/* For v: what it owns is copied, so that its strings may be borrowed. */
char *findings_borrow(const char *text);

/* What the register calls a breach of q (NULL: FAIL), as an outcome. */
enum outcome play_breach_outcome(const struct requirement *q);

/* Drop the verdicts from count on. */
void findings_cut(struct findings *f, size_t count);

/* The first requirement held to the end. */
void play_held(struct play *p);

/* Wait for one of the step's answers and go where it leads. */
enum flow play_answers(struct play *p, const struct step *step);

/* Match a reply that was read already (of a login) to the step's answers. */
enum flow play_login_answers(struct play *p, const struct step *step,
			     enum talk_result result, uint64_t waited);

enum flow play_steps(struct play *p, const struct steps *steps);

/* How long to wait: the stage's patience, or the scenario's if that is more. */
uint64_t play_patience(const struct play *p, enum wait w);

struct talk *play_talk(struct play *p, const struct step *step);

/* talk_climb(), and which message is which when the scenario asks. */
int play_climb(struct play *p, struct talk *t, enum state to,
	       struct obstacle *o);

/* To where the scenario starts, once the store shows what was put there. */
int play_first_climb(struct play *p, struct obstacle *o);

/*
 * Until play_hold_no_more() the stage's fixture is without the messages that a
 * step is still to deliver.
 */
void play_hold_back(struct play *p);
void play_hold_no_more(struct play *p);

/* True when the message delivered last is in no session's maildrop yet. */
bool play_awaits_mail(struct play *p);

/* The steps of play_sessions.c, play_deliveries.c and play_checks.c. */
enum flow play_send_step(struct play *p, const struct step *step);
enum flow play_new_session(struct play *p, const struct step *step);
enum flow play_connect_step(struct play *p, const struct step *step);
enum flow play_login_step(struct play *p, const struct step *step);
enum flow play_delivered(struct play *p, const struct step *step);
enum flow play_silence(struct play *p, const struct step *step);
enum flow play_maildrop_holds(struct play *p, const struct step *step);
enum flow play_sum(struct play *p, const struct step *step);
enum flow play_differ(struct play *p, const struct step *step);
enum flow play_repeat(struct play *p, const struct step *step);

/* Send what step says; used again after a reconnection. */
enum flow play_send(struct play *p, const struct step *step);

/*
 * The server closed after an error reply, as it may (rulings C9, C39): connect
 * again and climb to where the session was.
 */
enum flow play_revive(struct play *p, const struct step *step);
bool play_may_revive(const struct talk *t); /* not behind QUIT */

/*
 * A QUIT behind an error reply was answered by closing. True when it may have
 * crossed a close behind that error: play_quietly() has the scenario played
 * anew, and QUIT sent when the server had time to close. A close that follows
 * then is one instead of the reply.
 */
bool play_needs_quiet(const struct play *p, const struct talk *t);
void play_quietly(struct play *p, const struct talk *t);

#endif
