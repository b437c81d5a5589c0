/* SPDX-License-Identifier: MIT */
/*
 * The server's command line parser. The input is what a client sends; each
 * line of it is read, taken apart and obeyed, by both grammars, and compared
 * with what the octets themselves say.
 */
#include "drive.h"
#include "command.h"
#include "fuzz.h"
#include "store_memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* RFC 1939 and CAPA of RFC 2449; written down here once more on purpose. */
static const char *const keywords[] = { "USER", "PASS", "APOP", "STAT", "LIST",
					"RETR", "DELE", "NOOP", "RSET", "TOP",
					"UIDL", "CAPA", "QUIT", "UTF8", "LANG" };

static bool is_blank(char c, enum grammar grammar)
{
	return c == ' ' || (c == '\t' && grammar == LENIENT);
}

/* How many octets the first line takes with its end, or 0: it has none yet. */
static size_t whole_line(struct slice octets, enum grammar grammar)
{
	const char *end = grammar == STRICT ? "\r\n" : "\n";
	size_t at = slice_search(octets, slice_str(end));

	return at < octets.len ? at + strlen(end) : 0;
}

static struct slice without_end(struct slice line)
{
	line = slice_first(line, line.len - 1);
	return slice_first(line, line.len - slice_ends(line, "\r"));
}

/* Feed a line octet by octet. */
static struct line in_octets(struct slice octets, enum grammar grammar)
{
	struct line l = { 0 };

	for (size_t i = 0; i < octets.len; i++)
		line_feed(&l, slice_of(octets.ptr + i, 1), grammar);
	return l;
}

/* Read the first line. Returns how many octets it took. */
static size_t check_line(struct slice octets, struct line *l,
			 enum grammar grammar)
{
	size_t whole = whole_line(octets, grammar);
	struct slice taken, text;
	struct line pieces;

	*l = (struct line){ 0 };
	taken = slice_first(octets, line_feed(l, octets, grammar));
	fuzz_same(taken.len, whole ? whole : octets.len,
		  "a line ends at its line end");
	fuzz_same(l->complete, whole > 0, "a line is complete at its line end");
	pieces = in_octets(taken, grammar);
	fuzz_equal(line_text(&pieces), line_text(l),
		   "any split gives the same line");
	if (!whole)
		return taken.len;
	text = without_end(taken);
	fuzz_same(line_too_long(l), text.len + 2 > COMMAND_OCTETS,
		  "a line is too long over 255 octets");
	fuzz_equal(line_text(l), slice_first(text, COMMAND_OCTETS),
		   "a line is what came");
	return taken.len;
}

static bool lies_in(struct slice part, struct slice whole)
{
	return !part.len || (part.ptr >= whole.ptr &&
			     part.ptr + part.len <= whole.ptr + whole.len);
}

static bool is_command(struct slice line, enum grammar grammar)
{
	for (size_t i = 0; i < line.len; i++)
		if (!is_blank(line.ptr[i], grammar) &&
		    (line.ptr[i] < 0x21 || line.ptr[i] > 0x7e))
			return false;
	return line.len && !is_blank(line.ptr[0], grammar);
}

/* What is left of words when no blank is left. */
static void add_squeezed(struct buf *to, struct slice octets,
			 enum grammar grammar)
{
	for (size_t i = 0; i < octets.len; i++)
		if (!is_blank(octets.ptr[i], grammar))
			buf_add_char(to, octets.ptr[i]);
}

static void check_decimal(struct slice word)
{
	uint64_t n = 0;
	char again[32];
	bool digits = word.len && strspn(word.ptr, "0123456789") >= word.len;

	if (!decimal(word, &n)) {
		fuzz_holds(!digits || (word.len > 1 && word.ptr[0] == '0'),
			   "a decimal number is read", word);
		return;
	}
	snprintf(again, sizeof(again), "%" PRIu64, n);
	fuzz_holds(slice_is(word, again) || (n == UINT64_MAX && digits &&
					     word.len >= strlen(again)),
		   "a number is what its digits say", word);
}

/* Two arguments at most are kept; with more the command is refused. */
static void check_arguments(struct command *c, struct slice line,
			    enum grammar grammar)
{
	struct buf joined = { 0 }, squeezed = { 0 };
	size_t count = c->count < COMMAND_ARGUMENTS ? c->count
						    : COMMAND_ARGUMENTS;

	for (size_t i = 0; i < count; i++) {
		struct slice a = c->arguments[i];

		fuzz_holds(a.len && lies_in(a, line),
			   "an argument lies in the line", line);
		for (size_t j = 0; j < a.len; j++)
			fuzz_holds(!is_blank(a.ptr[j], grammar),
				   "an argument has no blank", line);
		check_decimal(a);
		buf_add(&joined, a);
	}
	add_squeezed(&squeezed, c->rest, grammar);
	if (c->count <= COMMAND_ARGUMENTS)
		fuzz_equal(buf_slice(&joined), buf_slice(&squeezed),
			   "the arguments are the rest of the line");
	buf_free(&joined);
	buf_free(&squeezed);
}

/* By the letter: SP before each argument, no other. */
static bool is_spaced_rightly(const struct command *c)
{
	struct slice rest = c->rest;

	return !c->has_rest ||
	       (rest.len && rest.ptr[0] != ' ' && !slice_ends(rest, " ") &&
		slice_search(rest, slice_str("  ")) == rest.len);
}

static void check_split(struct command *c, struct slice line,
			enum grammar grammar)
{
	struct error e = { 0 };
	bool split = !command_split(c, grammar, &e);

	fuzz_same(split, grammar == LENIENT || is_spaced_rightly(c),
		  "one space stands before each argument");
	if (split)
		check_arguments(c, line, grammar);
	else
		fuzz_holds(e.text[0], "a refusal says why", line);
	command_take_rest(c);
	fuzz_equal(c->count ? c->arguments[0] : c->rest, c->rest,
		   "the rest is one argument");
}

static void check_parse(struct slice line, enum grammar grammar)
{
	struct error e = { 0 };
	struct command c;
	bool parsed = !command_parse(&c, line, grammar, &e);

	fuzz_same(parsed, is_command(line, grammar),
		  "a command is printable and begins with a keyword");
	if (!parsed)
		return;
	fuzz_holds(lies_in(c.keyword, line) && lies_in(c.rest, line),
		   "keyword and rest lie in the line", line);
	fuzz_equal(c.keyword, slice_first(line, c.keyword.len),
		   "the keyword begins the line");
	fuzz_same(c.keyword.len + c.has_rest + c.rest.len, line.len,
		  "keyword, blank and rest are the line");
	for (size_t i = 0; i < c.keyword.len; i++)
		fuzz_holds(!is_blank(c.keyword.ptr[i], grammar),
			   "a keyword has no blank", line);
	check_split(&c, line, grammar);
}

/* From a block of its own size, so that a sanitizer sees who reads beyond. */
static void check_parse_apart(struct slice line)
{
	char *copy = calloc(1, line.len + 1);
	struct slice apart = slice_of(copy, line.len);

	if (!copy)
		abort();
	if (line.len)
		memcpy(copy, line.ptr, line.len);
	check_parse(apart, STRICT);
	check_parse(apart, LENIENT);
	free(copy);
}

static bool knows(const struct credentials *c)
{
	return slice_is(c->user, "mrose");
}

static void swap_case_of_keyword(struct buf *line)
{
	for (size_t i = 0; i < line->len && line->ptr[i] != ' '; i++) {
		char c = line->ptr[i];

		if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
			line->ptr[i] = (char)(c ^ 0x20);
	}
}

static bool is_keyword(struct slice line)
{
	struct slice word = slice_first(line, slice_find(line, ' '));

	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++)
		if (slice_is_nocase(word, keywords[i]))
			return true;
	return false;
}

/* What a fresh session, logged in or not, says to a line. */
static void obey(struct slice line, const char *before, struct buf *heard)
{
	const struct session_config config = { .host = "dewey",
					       .timestamp = "<1@dewey>",
					       .switches = fuzz_switches };
	struct maildrop_store *store = store_memory_new(&fuzz_switches);
	struct drive d;

	if (!store || store_memory_deliver(store, "mrose", slice_str("a\n")) ||
	    drive_start(&d, &config, store, knows))
		abort();
	drive_say(&d, before);
	drive_heard(&d);
	drive_send(&d, line);
	drive_say(&d, "\r\n");
	buf_add(heard, buf_slice(&d.said));
	drive_free(&d);
	store->free(store);
}

static void check_obeyed(struct slice line, const char *before)
{
	struct buf swapped = { 0 }, heard = { 0 }, again = { 0 };

	buf_add(&swapped, line);
	swap_case_of_keyword(&swapped);
	obey(line, before, &heard);
	obey(buf_slice(&swapped), before, &again);
	fuzz_equal(buf_slice(&again), buf_slice(&heard),
		   "keywords are the same in upper and lower case");
	fuzz_holds(is_keyword(line) ||
			   slice_starts(buf_slice(&heard), "-ERR "),
		   "an unknown command is refused", line);
	buf_free(&swapped);
	buf_free(&heard);
	buf_free(&again);
}

static size_t check(struct slice octets, enum grammar grammar)
{
	struct line l;
	size_t taken = check_line(octets, &l, grammar);

	if (!l.complete)
		return taken;
	check_parse_apart(line_text(&l));
	if (grammar == STRICT && !line_too_long(&l)) {
		check_obeyed(line_text(&l), "");
		check_obeyed(line_text(&l), "USER mrose\r\nPASS x\r\n");
	}
	return taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	for (enum grammar g = STRICT; g <= LENIENT; g++) {
		struct slice left = slice_of(octets, count);

		while (left.len)
			left = slice_from(left, check(left, g));
	}
	return 0;
}
