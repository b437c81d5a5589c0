/* SPDX-License-Identifier: MIT */
#include "play_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct scripted {
	struct peer peer;
	const struct script *script;
	struct buf out, line;
	bool closing;
	uint64_t now;
};

static struct scripted *of(struct peer *p)
{
	return (struct scripted *)p;
}

static void answer(struct scripted *s, struct slice line)
{
	const struct rule *r = s->script->rules;

	for (; r->command; r++)
		if (slice_starts(line, r->command))
			break;
	if (!r->command || !r->reply)
		s->closing = s->closing || r->command;
	else
		buf_add_str(&s->out, r->reply);
	s->closing = s->closing || r->closes;
}

static size_t peer_feed(struct peer *p, struct slice octets)
{
	struct scripted *s = of(p);

	for (size_t i = 0; i < octets.len; i++) {
		buf_add_char(&s->line, octets.ptr[i]);
		if (!slice_ends(buf_slice(&s->line), "\r\n"))
			continue;
		if (!s->closing)
			answer(s, buf_slice(&s->line));
		buf_clear(&s->line);
	}
	return octets.len;
}

static void peer_end(struct peer *p)
{
	of(p)->closing = true;
}

static struct slice peer_output(struct peer *p)
{
	return buf_slice(&of(p)->out);
}

static void peer_sent(struct peer *p, size_t octets)
{
	buf_drop(&of(p)->out, octets);
}

static bool peer_closes(struct peer *p)
{
	return of(p)->closing && !of(p)->out.len;
}

static void peer_tick(struct peer *p, uint64_t now)
{
	uint64_t at = of(p)->script->closes_at;

	if (at && now >= at)
		of(p)->closing = true;
}

static uint64_t peer_deadline(struct peer *p)
{
	uint64_t at = of(p)->script->closes_at;

	return at ? at : UINT64_MAX;
}

static void peer_free(struct peer *p)
{
	buf_free(&of(p)->out);
	buf_free(&of(p)->line);
	free(p);
}

static const struct peer_ops peer_ops = {
	peer_feed,   peer_end,	peer_output,   peer_sent,
	peer_closes, peer_tick, peer_deadline, peer_free,
};

static struct wire *world_connect(struct stage *stage, struct error *e)
{
	struct world *w = (struct world *)stage;
	struct scripted *s = calloc(1, sizeof(*s));

	(void)e;
	assert_non_null(s);
	s->peer.ops = &peer_ops;
	s->script = w->script;
	if (s->script->then && w->connections >= s->script->until)
		s->script = s->script->then;
	w->connections++;
	s->closing = s->script->closes_at_once;
	if (!s->closing)
		buf_add_str(&s->out, s->script->greeting ? s->script->greeting
							 : "+OK ready\r\n");
	return wire_memory(&w->net, &s->peer);
}

static uint64_t world_now(struct stage *s)
{
	return ((struct world *)s)->net.now;
}

static void world_pause(struct stage *s, uint64_t ms)
{
	memory_net_pass(&((struct world *)s)->net, ms);
}

const struct stage_ops world_ops = { .connect = world_connect,
				     .now = world_now,
				     .pause = world_pause };

#define ROW(ID, LEVEL, VERDICT)                                               \
	"{\"id\":\"" ID "\",\"rfc\":1939,\"section\":\"3\",\"link\":"         \
	"\"https://www.rfc-editor.org/rfc/rfc1939#section-3\","               \
	"\"says\":\"A rule.\",\"party\":\"server\",\"state\":\"any\","        \
	"\"level\":\"" LEVEL "\",\"verdict\":\"" VERDICT "\","                \
	"\"testability\":\"yes\"}"

const char world_register[] =
	"{\"format\":1,\"requirements\":["
	ROW("RFC1939-3-ERR-01", "MUST", "fail") ","
	ROW("RFC1939-3-ERR-05", "implied", "fail") ","
	ROW("RFC1939-3-TMO-05", "SHOULD", "warn") "]}";

struct findings play_text(struct world *w, const struct script *script,
			  const char *json)
{
	struct findings f = { 0 };
	struct scenario *s;
	struct error e = { 0 };

	w->script = script;
	w->registry = registry_parse(slice_str(world_register), "rows", &e);
	assert_string_equal(e.text, "");
	w->account = (struct account){ .user = "alice",
					 .password = "sesame" };
	w->stage = (struct stage){ .ops = w->ops ? w->ops : &world_ops,
				   .fixture = w->fixture,
				   .delivers = w->delivers,
				   .registry = w->registry,
				   .transport = "clear",
				   .account = &w->account,
				   .autologout = w->autologout,
				   .patience = patience_default,
				   .exact = true };
	s = scenario_parse(slice_str(json), "test/case", "case.json", &e);
	assert_string_equal(e.text, "");
	play(s, &w->stage, &f);
	scenario_free(s);
	registry_free(w->registry);
	for (enum violation v = 0; v < VIOLATIONS; v++)
		w->seen += w->stage.universal.count[v];
	universal_free(&w->stage.universal);
	assert_false(f.failed);
	return f;
}

void check(struct findings *f, enum outcome outcome, const char *step)
{
	assert_int_equal(f->count, 1);
	assert_string_equal(outcome_name(f->list[0].outcome),
			    outcome_name(outcome));
	assert_string_equal(f->list[0].step, step);
	findings_free(f);
}
