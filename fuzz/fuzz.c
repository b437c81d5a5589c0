/* SPDX-License-Identifier: MIT */
#include "fuzz.h"
#include "visible.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN 400 /* octets of a witness */

struct switches fuzz_switches;
const char *fuzz_only;
const char *fuzz_input;

static bool is_heard(const char *invariant)
{
	return !fuzz_only || !strcmp(invariant, fuzz_only);
}

static const char *shown(struct slice octets)
{
	char *text = visible(slice_first(octets, SHOWN));

	return text ? text : "(out of memory)";
}

static void give_up(void)
{
	if (fuzz_input)
		fprintf(stderr, "input: %s\n", fuzz_input);
	abort();
}

void fuzz_holds(bool holds, const char *invariant, struct slice witness)
{
	if (holds || !is_heard(invariant))
		return;
	fprintf(stderr, "broken: %s: %s\n", invariant, shown(witness));
	give_up();
}

/* Where a and b part, with a little before it. */
static size_t parting(struct slice a, struct slice b)
{
	size_t i = 0;

	while (i < a.len && i < b.len && a.ptr[i] == b.ptr[i])
		i++;
	return i < SHOWN / 4 ? 0 : i - SHOWN / 4;
}

void fuzz_equal(struct slice got, struct slice expected, const char *invariant)
{
	size_t from;

	if (slice_equal(got, expected) || !is_heard(invariant))
		return;
	from = parting(got, expected);
	fprintf(stderr,
		"broken: %s: %zu octets, expected %zu; from octet %zu\n"
		"got      %s\nexpected %s\n",
		invariant, got.len, expected.len, from,
		shown(slice_from(got, from)),
		shown(slice_from(expected, from)));
	give_up();
}

void fuzz_same(uint64_t got, uint64_t expected, const char *invariant)
{
	if (got == expected || !is_heard(invariant))
		return;
	fprintf(stderr, "broken: %s: %" PRIu64 ", expected %" PRIu64 "\n",
		invariant, got, expected);
	give_up();
}

unsigned char input_octet(struct input *in)
{
	unsigned char octet = in->left.len ? slice_at(in->left, 0) : 0;

	in->left = slice_from(in->left, 1);
	return octet;
}

struct slice input_take(struct input *in, size_t count)
{
	struct slice taken = slice_first(in->left, count);

	in->left = slice_from(in->left, count);
	return taken;
}
