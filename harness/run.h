/* SPDX-License-Identifier: MIT */
/* "pop3spec run": a target judged by the scenarios, and told to reports. */
#ifndef HARNESS_RUN_H
#define HARNESS_RUN_H

#include "cancel.h"
#include "options.h"

/*
 * Do all that o asks. Prints what a person should know to standard error.
 * Returns the exit code (design: 0 no breach, 1 breaches, 2 wrong usage or
 * too few cases, 3 the tool, the network or the target).
 */
int run(const struct run_options *o, const struct cancel *cancel);

#endif
