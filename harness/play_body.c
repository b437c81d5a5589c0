/* SPDX-License-Identifier: MIT */
#include "play_body.h"
#include "plural.h"
#include "visible.h"

#include <stdio.h>
#include <string.h>

#define LINE_TOLD 80 /* octets of a line that does not fit */

bool body_is_not(struct event_seen *seen, const char *format, ...)
{
	va_list args;

	buf_clear(&seen->why);
	va_start(args, format);
	buf_vprintf(&seen->why, format, args);
	va_end(args);
	return false;
}

struct slice body_next_line(struct slice *body)
{
	size_t n = slice_search(*body, slice_str("\r\n"));
	struct slice line = slice_first(*body, n);

	*body = slice_from(*body, n + 2);
	return line;
}

static size_t count_lines(struct slice body)
{
	size_t n = 0;

	while (body.len) {
		body_next_line(&body);
		n++;
	}
	return n;
}

bool body_count_fits(struct event_seen *seen, const struct answer *a)
{
	size_t n = count_lines(buf_slice(&seen->body));

	return n == a->line_count ||
	       body_is_not(seen, "%zu line%s instead of %zu", n, plural(n),
			   a->line_count);
}

bool body_line_is_not(struct event_seen *seen, size_t place,
		      struct slice line, const struct pattern *p)
{
	struct buf got = { 0 }, want = { 0 };

	pattern_fill(p, &seen->p->bindings, &want);
	visible_add(&got, slice_first(line, LINE_TOLD));
	if (seen->p->stage->look_only)
		body_is_not(seen, "line %zu is not \"%s\"", place,
			    buf_text(&want));
	else
		body_is_not(seen, "line %zu is \"%s\", not \"%s\"", place,
			    buf_text(&got), buf_text(&want));
	buf_free(&got);
	buf_free(&want);
	return false;
}

bool body_lacks_line(struct event_seen *seen, const struct pattern *p)
{
	struct buf want = { 0 };

	pattern_fill(p, &seen->p->bindings, &want);
	body_is_not(seen, "no line is \"%s\"", buf_text(&want));
	buf_free(&want);
	return false;
}

static bool lines_match(struct event_seen *seen, const struct answer *a)
{
	struct slice body = buf_slice(&seen->body);

	if (!body_count_fits(seen, a))
		return false;
	for (size_t i = 0; i < a->line_count; i++) {
		struct slice line = body_next_line(&body);

		if (!pattern_match(a->lines[i], line, &seen->p->bindings))
			return body_line_is_not(seen, i + 1, line, a->lines[i]);
	}
	return true;
}

static size_t first_difference(struct slice a, struct slice b)
{
	size_t i = 0;

	while (i < a.len && i < b.len && a.ptr[i] == b.ptr[i])
		i++;
	return i;
}

static bool differs(struct event_seen *seen, const char *name,
		    struct slice sent)
{
	struct slice body = buf_slice(&seen->body);
	size_t at = first_difference(body, sent);
	struct buf want = { 0 }, got = { 0 };

	visible_add(&want, slice_first(slice_from(sent, at), 40));
	visible_add(&got, slice_first(slice_from(body, at), 40));
	body_is_not(seen,
	   "the body is not message %s: from octet %zu of %zu on it has "
	   "\"%s\" instead of \"%s\" (%llu octet%s came)",
	   name, at, sent.len, got.len ? buf_text(&got) : "",
	   want.len ? buf_text(&want) : "",
	   (unsigned long long)seen->t->reader.reply.body_octets,
	   plural(seen->t->reader.reply.body_octets));
	buf_free(&want);
	buf_free(&got);
	return false;
}

static const struct fixture_message *fixture_message(const struct play *p,
						     const char *name)
{
	const struct fixture *f = p->stage->fixture;

	return f && name ? fixture_find(f, slice_str(name)) : NULL;
}

/*
 * An empty message is the one case in which the wire can show two forms: no
 * line at all, or an empty one.
 */
static bool message_matches(struct event_seen *seen, const struct answer *a)
{
	const struct fixture_message *m = fixture_message(seen->p, a->message);
	struct slice stored, body = buf_slice(&seen->body);
	struct buf sent = { 0 };
	bool same;

	if (!strcmp(a->message, ANY_OTHER))
		return true;
	if (!m)
		return body_is_not(seen, "no fixture message %s", a->message);
	stored = buf_slice(&m->octets);
	if (a->has_top)
		stored = fixture_top(stored, a->top);
	fixture_as_sent(stored, FIXTURE_END_ADDED, &sent);
	same = slice_equal(body, buf_slice(&sent)) ||
	       (!stored.len && !body.len) ||
	       differs(seen, a->message, buf_slice(&sent));
	buf_free(&sent);
	return same;
}

/*
 * The number of octets that came. Of a message stored without a final line end
 * the last CRLF may belong to the termination (ruling C35).
 */
static bool octets_match(struct event_seen *seen, const struct answer *a)
{
	const struct fixture_message *m = fixture_message(seen->p, a->message);
	uint64_t n = seen->t->reader.reply.body_octets;
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
	if (pattern_match(a->octets, slice_str(text), &seen->p->bindings))
		return true;
	if (m && fixture_ends_open(buf_slice(&m->octets)) && n >= 2) {
		snprintf(text, sizeof(text), "%llu",
			 (unsigned long long)n - 2);
		if (pattern_match(a->octets, slice_str(text),
				  &seen->p->bindings))
			return true;
	}
	return body_is_not(seen, "the body has %llu octet%s",
			   (unsigned long long)n, plural(n));
}

static bool content_matches(struct event_seen *seen, const struct answer *a)
{
	if (a->body != BODY_UNJUDGED && !seen->t->reader.reply.has_body)
		return body_is_not(seen, "a reply of one line");
	if (seen->body.len < seen->t->reader.reply.body_octets &&
	    a->body != BODY_UNJUDGED)
		return body_is_not(seen, "a body of %llu octets",
			  (unsigned long long)
				  seen->t->reader.reply.body_octets);
	switch (a->body) {
	case BODY_LINES:
		return lines_match(seen, a);
	case BODY_LINE_SET:
		return listing_matches_set(seen, a);
	case BODY_EACH_LINE:
		return listing_matches_each(seen, a);
	case BODY_MESSAGE:
		return message_matches(seen, a);
	default:
		return true;
	}
}

bool body_matches(struct event_seen *seen, const struct answer *a)
{
	return content_matches(seen, a) &&
	       (!a->octets || octets_match(seen, a));
}
