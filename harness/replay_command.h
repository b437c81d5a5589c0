/* SPDX-License-Identifier: MIT */
/* What a report tells its reader to type. */
#ifndef HARNESS_REPLAY_COMMAND_H
#define HARNESS_REPLAY_COMMAND_H

#include "options.h"

/*
 * Append the command that plays one scenario as this run does, for a shell;
 * only the id is missing behind it: "pop3spec run mail.json --only". A URL with
 * a password in it stands as TARGET.
 */
void replay_command(const struct run_options *o, struct buf *to);

#endif
