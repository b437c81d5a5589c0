/* SPDX-License-Identifier: MIT */
/*
 * The commands of pop3spec, argv[0] being the command's name. Each returns the
 * exit code and says on standard error what went wrong.
 */
#ifndef HARNESS_COMMANDS_H
#define HARNESS_COMMANDS_H

#include "cancel.h"

int command_run(int argc, char **argv, const struct cancel *cancel);
int command_list(int argc, char **argv, const struct cancel *cancel);
int command_show(int argc, char **argv, const struct cancel *cancel);
int command_check(int argc, char **argv, const struct cancel *cancel);
int command_requirements(int argc, char **argv, const struct cancel *cancel);
int command_report(int argc, char **argv, const struct cancel *cancel);

#endif
