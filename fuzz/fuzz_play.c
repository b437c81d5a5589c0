/* SPDX-License-Identifier: MIT */
/*
 * A hostile server against the judge, which plays a scenario. The server is the
 * reference server, but somebody lies for it. The first octet chooses the
 * scenario (and, by its highest bit, whether the lies begin while the judge
 * learns what the server can do); lies follow, each of
 *
 *	WHEN WHAT COUNT octets
 *
 * WHEN is the number of the answer (0 is the first greeting), COUNT that of the
 * octets, and WHAT one of
 *
 *	'='	the octets instead of the answer
 *	'+'	behind it		'-'	before it
 *	'*'	behind it, 30 times over
 *	'<'	its first COUNT octets and no more; none follow in the input
 *	'@'	over it, from the octet on that the first of them numbers
 *	'x'	the server closes behind it
 *	's'	it is never said
 */
#include "directory.h"
#include "file.h"
#include "fuzz.h"
#include "library.h"
#include "told.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIES 32
#define BUDGET 200000 /* steps of a play; a long one takes some thousands */

static const char *const played[] = {
	"transaction/retr-whole-message",    "transaction/list-listing",
	"transaction/uidl-persists",	     "transaction/rset-unmarks",
	"transaction/top-lines",	     "transaction/sizes-agree",
	"transaction/dele-hides-the-message", "update/drop-removes-nothing",
	"update/quit-without-crlf",	     "update/rset-saves",
	"greeting/timestamps-differ",	     "greeting/one-positive-line",
	"authorization/apop-digest",	     "authorization/wrong-password",
	"authorization/login-after-failure", "pipelining/batch",
	"concurrency/second-login",	     "framing/one-octet-at-a-time",
	"framing/dots-at-boundaries",	     "timeouts/autologout",
};

struct lie {
	unsigned char when, what, count;
	struct slice octets;
};

static struct play_world {
	struct lie lies[LIES];
	size_t count;
	bool lying;
	unsigned answers; /* so far */
	struct told_secrets secrets;
} world;

struct liar {
	struct peer peer;
	struct peer *honest;
	struct buf out;
	bool closing;
};

static struct liar *of(struct peer *p)
{
	return (struct liar *)p;
}

static size_t liar_feed(struct peer *p, struct slice octets)
{
	told_hear(&world.secrets, octets);
	if (of(p)->closing)
		return octets.len;
	return of(p)->honest->ops->feed(of(p)->honest, octets);
}

static void liar_end(struct peer *p)
{
	of(p)->honest->ops->end_of_input(of(p)->honest);
}

static void overwrite(struct buf *b, struct slice octets)
{
	size_t at = octets.len ? slice_at(octets, 0) : 0;

	octets = slice_from(octets, 1);
	for (size_t i = 0; i < octets.len && at + i < b->len; i++)
		b->ptr[at + i] = octets.ptr[i];
}

static void put_before(struct buf *b, struct slice octets)
{
	struct buf all = { 0 };

	buf_add(&all, octets);
	buf_add(&all, buf_slice(b));
	buf_free(b);
	*b = all;
}

static void lie_about(struct liar *l, const struct lie *lie)
{
	switch (lie->what) {
	case '=':
		buf_clear(&l->out);
		buf_add(&l->out, lie->octets);
		break;
	case '+':
		buf_add(&l->out, lie->octets);
		break;
	case '-':
		put_before(&l->out, lie->octets);
		break;
	case '*':
		for (int i = 0; i < 30; i++)
			buf_add(&l->out, lie->octets);
		break;
	case '<':
		l->out.len = lie->count < l->out.len ? lie->count : l->out.len;
		break;
	case '@':
		overwrite(&l->out, lie->octets);
		break;
	case 'x':
		l->closing = true;
		break;
	default:
		buf_clear(&l->out);
	}
}

/* The next answer, as it is told. */
static void answer(struct liar *l)
{
	struct slice truth = l->honest->ops->output(l->honest);
	unsigned now = world.answers;

	buf_add(&l->out, truth);
	l->honest->ops->sent(l->honest, truth.len);
	if (!truth.len || !world.lying)
		return;
	world.answers++;
	for (size_t i = 0; i < world.count; i++)
		if (world.lies[i].when == now)
			lie_about(l, &world.lies[i]);
}

static struct slice liar_output(struct peer *p)
{
	struct liar *l = of(p);

	if (!l->out.len && !l->closing)
		answer(l);
	return buf_slice(&l->out);
}

static void liar_sent(struct peer *p, size_t octets)
{
	buf_drop(&of(p)->out, octets);
}

static bool liar_closes(struct peer *p)
{
	struct liar *l = of(p);

	return !l->out.len &&
	       (l->closing || l->honest->ops->closes(l->honest));
}

static void liar_tick(struct peer *p, uint64_t now)
{
	of(p)->honest->ops->tick(of(p)->honest, now);
}

static uint64_t liar_deadline(struct peer *p)
{
	return of(p)->honest->ops->deadline(of(p)->honest);
}

static void liar_free(struct peer *p)
{
	of(p)->honest->ops->free(of(p)->honest);
	buf_free(&of(p)->out);
	free(p);
}

static struct peer *liar_between(struct rig *r, struct peer *session)
{
	static const struct peer_ops ops = {
		liar_feed,   liar_end,	liar_output,   liar_sent,
		liar_closes, liar_tick, liar_deadline, liar_free,
	};
	struct liar *l = calloc(1, sizeof(*l));

	(void)r;
	if (!l)
		abort();
	l->peer.ops = &ops;
	l->honest = session;
	return &l->peer;
}

/* Beside the program, where OSS-Fuzz takes it; or where they were written. */
static int load(struct library *l, struct error *e)
{
	char *home = directory_of_program();
	char *beside = home ? file_path(home, "scenarios") : NULL;
	int failed = beside ? library_load(l, beside, e) : -1;

	free(home);
	free(beside);
	return failed ? library_load(l, FUZZ_SCENARIOS, e) : 0;
}

static const struct library *library(void)
{
	static struct library loaded;
	struct error e;

	if (!loaded.registry && load(&loaded, &e)) {
		fprintf(stderr, "%s\n", e.text);
		abort();
	}
	return &loaded;
}

static const struct scenario *named(const struct library *lib, const char *id)
{
	for (size_t i = 0; i < lib->count; i++)
		if (!strcmp(lib->scenarios[i]->id, id))
			return lib->scenarios[i];
	fprintf(stderr, "no scenario is called %s any more\n", id);
	abort();
}

static void read_lies(struct input *in)
{
	struct buf digest = world.secrets.digest;

	buf_clear(&digest);
	world = (struct play_world){ .secrets.digest = digest };
	while (in->left.len && world.count < LIES) {
		struct lie *l = &world.lies[world.count++];

		l->when = input_octet(in);
		l->what = input_octet(in);
		l->count = input_octet(in);
		if (l->what != '<')
			l->octets = input_take(in, l->count);
	}
}

/* The judge has learnt what the server can do, once, and was told the truth. */
static void know(struct rig *r, const struct library *lib)
{
	static struct rig honest;
	const struct scenario *s = named(lib, "transaction/noop");
	struct findings f = { 0 };

	if (!honest.learnt) {
		rig_open(&honest, lib->registry, NULL);
		rig_play(&honest, s, library_fixture(lib, s), &f);
		fuzz_holds(f.count == 1 && f.list[0].outcome == OUTCOME_PASS,
			   "an honest server passes", slice_str(s->id));
		findings_free(&f);
	}
	r->stage.abilities = &honest.abilities;
	r->learnt = true;
}

static void play_one(struct rig *r, const struct library *lib,
		     const struct scenario *s)
{
	struct findings f = { 0 };

	rig_play(r, s, library_fixture(lib, s), &f);
	fuzz_holds(r->net.steps < r->budget, "a play ends", slice_str(s->id));
	fuzz_holds(!f.failed, "a play does not run out of memory",
		   slice_str(s->id));
	if (!world.count)
		fuzz_holds(f.count == 1 && f.list[0].outcome == OUTCOME_PASS,
			   "an honest server passes", slice_str(s->id));
	told_check(&f, s, r, &world.secrets);
	findings_free(&f);
	play_universal(&r->stage, &r->stage.universal, &f);
	told_check(&f, NULL, r, &world.secrets);
	findings_free(&f);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	const size_t scenarios = sizeof(played) / sizeof(*played);
	struct input in = { slice_of(octets, count) };
	unsigned char first = input_octet(&in);
	const struct library *lib = library();
	const struct scenario *s = named(lib, played[first % 128 % scenarios]);
	struct rig r;

	read_lies(&in);
	rig_open(&r, lib->registry, &fuzz_switches);
	r.between = liar_between;
	r.budget = BUDGET;
	if (first < 128)
		know(&r, lib);
	world.lying = true;
	play_one(&r, lib, s);
	rig_close(&r);
	return 0;
}
