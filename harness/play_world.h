/* SPDX-License-Identifier: MIT */
/* For tests: a stage whose server follows a script, in memory. */
#ifndef HARNESS_PLAY_WORLD_H
#define HARNESS_PLAY_WORLD_H

#include "play.h"
#include "wire_memory.h"

/* What the peer says to a command that begins so; tried in order. */
struct rule {
	const char *command;
	const char *reply; /* NULL: closes without a word */
	bool closes;       /* behind the reply */
};

struct script {
	const char *greeting;
	struct rule rules[12];
	uint64_t closes_at; /* ms, 0: never */
	bool closes_at_once; /* instead of a greeting */
	/* From connection number `until` (0 is the first) on it is this one. */
	unsigned until;
	const struct script *then;
};

struct world {
	struct stage stage;
	struct memory_net net;
	const struct stage_ops *ops;   /* NULL: world_ops */
	const struct fixture *fixture; /* or NULL */
	bool delivers;
	const struct script *script;
	struct account account;
	uint64_t autologout; /* of the stage */
	struct registry *registry;
	unsigned connections;
	uint64_t seen; /* violations of framing, all together */
};

extern const struct stage_ops world_ops;

/* A register of three: RFC1939-3-ERR-01, -3-ERR-05 and the mild -3-TMO-05. */
extern const char world_register[];

/* Play json, the text of a scenario, against script, by world_register. */
struct findings play_text(struct world *w, const struct script *script,
			  const char *json);

/* The start of a scenario that judges RFC1939-3-ERR-01. */
#define HEAD(START)                                                           \
	"{\"title\":\"A rule\",\"revision\":1,"                               \
	"\"requirements\":[\"RFC1939-3-ERR-01\"],\"start\":\"" START "\","

/* There is one verdict, this one, at that step. Frees f. */
void check(struct findings *f, enum outcome outcome, const char *step);

#endif
