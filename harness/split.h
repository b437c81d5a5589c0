/* SPDX-License-Identifier: MIT */
/* How what we send is cut into segments: a property of the run. */
#ifndef JUDGE_SPLIT_H
#define JUDGE_SPLIT_H

#include <stddef.h>
#include <stdint.h>

enum split { SPLIT_NONE, SPLIT_RANDOM, SPLIT_EVERY_OCTET };

const char *split_name(enum split how); /* "none", "random", "every-octet" */

/*
 * How many of the octets left (1 at least) make the next segment. *random is
 * the state of the draw: the cuts follow from the seed alone.
 */
size_t split_next(enum split how, uint64_t *random, size_t left);

#endif
