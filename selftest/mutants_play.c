/* SPDX-License-Identifier: MIT */
#include "mutants.h"
#include "mutant.h"
#include "outcomes.h"
#include "rig.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 2 /* mutants at a time */

/* What a child may use before it is a mutant that never ends. */
#define STEPS_MORE 3u /* times what the right copy takes */
#define MEMORY_MOST (1ul << 30)
#define CPU_SECONDS_MOST 120u

enum { ENDED_ALIVE, ENDED_BLOCKED, ENDED_KILLED, ENDED_NEVER };

struct mutant_state mutant_state;

void mutant_never_ends(void)
{
	_exit(ENDED_NEVER);
}

/*
 * Two servers, since what fails on one that knows a second way to log in may be
 * a SKIP there: the account may be one that has that way only.
 */
enum { WITH_APOP, WITHOUT_APOP, SERVERS };

/* What all children share. */
struct trial {
	struct mutants *m;
	const struct library *l;
	unsigned char *healthy; /* weights of outcomes: [server][scenario] */
	unsigned *told;		/* shared: which scenario did, by mutant */
	bool *met;		/* by the right copy */
	uint64_t steps;		/* that the right copy took */
	pid_t children[WORKERS];
	unsigned playing[WORKERS]; /* mutants */
};

static void open_server(struct rig *r, const struct trial *t, int server)
{
	rig_open(r, t->l->registry, NULL);
	if (server == WITHOUT_APOP) {
		r->no_apop = true;
		r->account.secret = NULL;
	}
}

static int weight(const struct findings *f)
{
	const struct verdict *worst = findings_worst(f, 0);

	return worst ? outcome_weight(worst->outcome) : 0;
}

static int play_scenario(const struct library *l, struct rig *r, size_t i)
{
	struct findings f = { 0 };
	int result;

	rig_play(r, l->scenarios[i], library_fixture(l, l->scenarios[i]), &f);
	result = weight(&f);
	findings_free(&f);
	return result;
}

static int play_universals(struct rig *r)
{
	struct findings f = { 0 };
	int result;

	play_universal(&r->stage, &r->stage.universal, &f);
	result = weight(&f);
	findings_free(&f);
	return result;
}

/*
 * How the suite ends on this mutant, and in *told who was the first to tell: a
 * scenario, or their count for a universal check. What could not be judged is
 * no detection; but a run that leaves it at that does not end well, either.
 */
static int play_mutant(const struct trial *t, int server, unsigned *told)
{
	unsigned count = (unsigned)t->l->count;
	const unsigned char *healthy = t->healthy + (size_t)server * count;
	int result = ENDED_ALIVE;
	struct rig r;

	open_server(&r, t, server);
	for (unsigned i = 0; i < count && result != ENDED_KILLED; i++) {
		int now = play_scenario(t->l, &r, i);

		if (now <= healthy[i] || (now == 1 && result != ENDED_ALIVE))
			continue;
		result = now > 1 ? ENDED_KILLED : ENDED_BLOCKED;
		*told = i;
	}
	if (result != ENDED_KILLED && play_universals(&r) > 1) {
		result = ENDED_KILLED;
		*told = count;
	}
	rig_close(&r);
	return result;
}

static int play_healthy(struct trial *t, int server, struct error *e)
{
	size_t count = t->l->count;
	int most = outcome_weight(OUTCOME_INFO), result = 0;
	struct rig r;

	open_server(&r, t, server);
	for (size_t i = 0; i < count && !result; i++) {
		int now = play_scenario(t->l, &r, i);

		t->healthy[(size_t)server * count + i] = (unsigned char)now;
		if (now > most)
			result = error_set(e, "the copy that is right fails %s",
					   t->l->scenarios[i]->id);
	}
	if (!result && play_universals(&r))
		result = error_set(e, "the copy that is right breaks a "
				      "universal rule");
	rig_close(&r);
	return result;
}

/* The right copy: what is normal, what is met, how many steps it takes. */
static int play_right(struct trial *t, struct error *e)
{
	int result = 0;

	mutant_state = (struct mutant_state){ .steps_left = UINT64_MAX,
					      .met = t->met };
	for (int server = 0; server < SERVERS && !result; server++)
		result = play_healthy(t, server, e);
	t->steps = UINT64_MAX - mutant_state.steps_left;
	mutant_state = (struct mutant_state){ 0 };
	return result;
}

static void limit(int what, rlim_t most)
{
	struct rlimit l = { most, most };

	setrlimit(what, &l);
}

static void play_in_child(const struct trial *t, unsigned n)
{
	int result;

	limit(RLIMIT_AS, MEMORY_MOST);
	limit(RLIMIT_CPU, CPU_SECONDS_MOST);
	limit(RLIMIT_CORE, 0);
	close(STDERR_FILENO); /* what malloc says of it */
	mutant_state.on = n;
	mutant_state.steps_left = STEPS_MORE * t->steps;
	mutant_tables();
	result = play_mutant(t, WITH_APOP, &t->told[n]);
	if (result == ENDED_ALIVE)
		result = play_mutant(t, WITHOUT_APOP, &t->told[n]);
	_exit(result);
}

static const char *teller(const struct trial *t, unsigned n)
{
	if (t->told[n] < t->l->count)
		return t->l->scenarios[t->told[n]]->id;
	return "universal";
}

static void note_fate(struct trial *t, unsigned n, int status)
{
	struct mutants *m = t->m;

	int how = WIFEXITED(status) ? WEXITSTATUS(status) : ENDED_NEVER;

	if (how == ENDED_ALIVE)
		return;
	m->fates[n - 1] = how == ENDED_BLOCKED ? FATE_BLOCKED : FATE_KILLED;
	m->ended[n - 1] = how == ENDED_NEVER;
	m->killers[n - 1] = m->ended[n - 1] ? "its own end" : teller(t, n);
}

/* Wait until a child ends, and return its place. */
static size_t wait_for_one(struct trial *t)
{
	int status;
	pid_t child = waitpid(-1, &status, 0);

	for (size_t i = 0; i < WORKERS; i++)
		if (child > 0 && t->children[i] == child) {
			note_fate(t, t->playing[i], status);
			t->children[i] = 0;
			return i;
		}
	return WORKERS;
}

static int start_one(struct trial *t, size_t place, unsigned n, struct error *e)
{
	t->playing[place] = n;
	t->children[place] = fork();
	if (t->children[place] < 0)
		return error_set(e, "no child: %s", strerror(errno));
	if (t->children[place] == 0)
		play_in_child(t, n);
	return 0;
}

static int play_all(struct trial *t, unsigned stride, struct error *e)
{
	size_t running = 0;

	for (unsigned n = 1; n <= mutant_count; n += stride) {
		t->m->fates[n - 1] = t->met[n] ? FATE_SURVIVES : FATE_UNMET;
		if (!t->met[n])
			continue;
		if (start_one(t, running < WORKERS ? running++ :
						     wait_for_one(t),
			      n, e))
			return -1;
	}
	while (running--)
		wait_for_one(t);
	return 0;
}

/* Tables are not asked for until they are changed. */
static void meet_tables(struct trial *t)
{
	mutant_state.met = t->met;
	mutant_tables();
	mutant_state.met = NULL;
}

int mutants_play(struct mutants *m, const struct library *l, unsigned stride,
		 struct error *e)
{
	size_t room = mutant_count + 1;
	struct trial t = { .m = m, .l = l };
	int result = -1;

	m->fates = calloc(room, sizeof(*m->fates));
	m->killers = calloc(room, sizeof(*m->killers));
	m->ended = calloc(room, sizeof(*m->ended));
	t.healthy = calloc(SERVERS * l->count + 1, 1);
	t.met = calloc(room, sizeof(*t.met));
	t.told = mmap(NULL, room * sizeof(*t.told), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!m->fates || !m->killers || !m->ended || !t.healthy || !t.met ||
	    t.told == MAP_FAILED) {
		error_set(e, "out of memory");
	} else {
		meet_tables(&t);
		result = play_right(&t, e) ? -1 : play_all(&t, stride, e);
	}
	if (t.told != MAP_FAILED)
		munmap(t.told, room * sizeof(*t.told));
	free(t.healthy);
	free(t.met);
	return result;
}

void mutants_free(struct mutants *m)
{
	free(m->fates);
	free(m->killers);
	free(m->ended);
}
