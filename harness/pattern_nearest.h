/* SPDX-License-Identifier: MIT */
/*
 * "Did you mean ...?" for words that a person mistyped.
 */
#ifndef JUDGE_PATTERN_NEAREST_H
#define JUDGE_PATTERN_NEAREST_H

#include "bytes.h"

/*
 * The one of words (NULL ends them) that word is a mistyped form of: the same
 * but for case, one octet wrong, missing, added or two swapped, or two such
 * mistakes in a word of eight octets or more. NULL when none is near; words of
 * three octets or less must be the same but for case.
 */
const char *nearest_word(struct slice word, const char *const *words);

#endif
