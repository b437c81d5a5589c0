/* SPDX-License-Identifier: MIT */
/*
 * What every fuzz target shares. A target is one function, which libFuzzer
 * calls with octets; it states invariants and aborts, with a message, where
 * one does not hold. Linked with replay.c instead of libFuzzer, it plays files.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include "bytes.h"
#include "switches.h"

#include <stdint.h>

/* Borrows the octets. Returns 0; does not return when an invariant breaks. */
int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count);

/*
 * For a replay that is to show that a target speaks (replay.c): what is
 * switched on in the reference server, and the only invariant that is listened
 * to (NULL: all).
 */
extern struct switches fuzz_switches;
extern const char *fuzz_only;

/* The file that is played; NULL: nobody knows. */
extern const char *fuzz_input;

/*
 * Abort and print the invariant and, made visible, a witness, unless it holds.
 * The invariant is a literal, its own name: must-fail.json names it.
 */
void fuzz_holds(bool holds, const char *invariant, struct slice witness);
void fuzz_equal(struct slice got, struct slice expected,
		const char *invariant);
void fuzz_same(uint64_t got, uint64_t expected, const char *invariant);

/* An input that is read from its front; zeroes behind its end. */
struct input {
	struct slice left;
};

unsigned char input_octet(struct input *in);
struct slice input_take(struct input *in, size_t count); /* or what is left */

#endif
