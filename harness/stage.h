/* SPDX-License-Identifier: MIT */
/*
 * All that a scenario meets while it is played: connections, an account, a
 * maildrop that was filled for it, patience, and what the server is known to
 * be able to do. One stage serves one scenario at a time.
 */
#ifndef JUDGE_STAGE_H
#define JUDGE_STAGE_H

#include "fixture.h"
#include "registry.h"
#include "split.h"
#include "universal.h"
#include "wire.h"

/* How long we wait for what; the target may lengthen each. */
enum wait {
	WAIT_CONNECT,
	WAIT_GREETING,
	WAIT_REPLY,
	WAIT_LOGIN,
	WAIT_LOCK,   /* for a maildrop to become free after a session */
	WAIT_CLOSE,  /* for the server to close */
	WAIT_UPDATE, /* for a removal that the store makes later */
	WAITS
};

struct patience {
	uint64_t ms[WAITS];
	bool spent[WAITS]; /* expired once: from then on a tenth */
	bool settled;      /* a body was over without its end: later ones are
			      waited for a tenth, too */
	bool endless;      /* a reply was: later ones are read less far */
};

extern const struct patience patience_default;

/* The names in a target file: "connect", "greeting", ... */
const char *wait_name(enum wait w);

struct account {
	const char *user;
	const char *password;
	const char *secret; /* shared with APOP; NULL: the account has none */
	const char *other_password; /* of another account, and not the same;
				       NULL: there is none */
};

/*
 * Nothing in it that a server may cut or not take: 40 octets at most (RFC 1939
 * section 3), and no space. NULL is not.
 */
bool password_is_plain(const char *password);

/*
 * "apop" is to have a secret; "40-octet-password" and "space-in-password" are
 * what the password looks like. There are no others.
 */
bool account_has(const struct account *a, const char *trait);
bool trait_is_known(struct slice trait);

/*
 * Its password is of a kind that a server may refuse, or is tested with: that
 * it cannot log in is a finding, or none, and no fault of the target.
 */
bool account_is_special(const struct account *a);

/* The traits that make it so. */
bool trait_is_special(const char *trait);

/* How an account is let in. */
enum login { LOGIN_BY_PASS, LOGIN_BY_APOP };

/* What the server offers, as abilities_learn() found it. */
struct abilities {
	bool timestamp;       /* in the greeting */
	bool user_refused;    /* USER itself was answered with -ERR */
	/*
	 * Answered with +OK, so that it is there to be judged, also where the
	 * lines behind that never ended.
	 */
	bool capa, top, uidl;
	bool top_works;       /* its lines had their end */
	struct buf announced; /* capabilities as they came, LF behind each */
};

/* need is a tag, or a tag and arguments: "TOP", "SASL PLAIN". */
bool ability_announced(const struct abilities *a, const char *need);

/*
 * What becomes of a message that was retrieved, once the client quits (RFC 1939
 * section 8, RFC 2449 section 6.7, ruling C37).
 */
enum retention { RETENTION_UNKNOWN, RETENTION_KEPT, RETENTION_DELETED };

struct stage;

/* By the target's word, else by the EXPIRE that the server announced. */
enum retention stage_retention(const struct stage *s);

struct stage {
	const struct stage_ops *ops;
	const struct registry *registry;
	const char *transport;        /* "clear" */
	const struct account *account; /* NULL: nobody can log in here */
	enum login login;             /* of the account */
	const struct fixture *fixture; /* what the maildrop holds, or NULL */
	const struct abilities *abilities;
	struct patience patience;
	enum split split;
	uint64_t random;              /* state of the splitter */
	bool exposed;                 /* a password in clear could be read on the
					 way, and nobody said that it may */
	uint64_t autologout;          /* ms, as the target says; 0: unknown */
	bool look_only;               /* the maildrop is not ours */
	bool gentle;                  /* the server is not ours to tire */
	bool exact;                   /* the store keeps every octet */
	bool keeps;                   /* what was retrieved stays (C37) */
	bool delivers;                /* mail can come in mid-session */
	bool hurried;                 /* a wait that was cut to a tenth was in
					 vain since play() began */
	bool tells_passes;            /* with their transcripts */
	struct universal universal;   /* what was seen on any reply */
	uint64_t octets_sent, octets_received, round_trips;
};

struct stage_ops {
	/*
	 * Fill the account's maildrop with the stage's fixture and nothing
	 * else. Returns 0, or -1 and e. NULL: it holds what it holds.
	 */
	int (*fill)(struct stage *s, struct error *e);
	/*
	 * Add m to the account's maildrop, sessions or not. Returns 0, or -1
	 * and e. For a stage that delivers.
	 */
	int (*deliver)(struct stage *s, const struct fixture_message *m,
		       struct error *e);
	/* A new connection, owned by the caller, or NULL and e. */
	struct wire *(*connect)(struct stage *s, struct error *e);
	/* Milliseconds; the clock of the wires. */
	uint64_t (*now)(struct stage *s);
	/* Let ms pass; returns early when the run is being ended. */
	void (*pause)(struct stage *s, uint64_t ms);
};

/*
 * How long to wait now; and note that a wait was in vain: from then on a tenth
 * will do, but what is found so is looked at again.
 */
uint64_t stage_wait(const struct stage *s, enum wait w);
void stage_wait_spent(struct stage *s, enum wait w);

#endif
