/* SPDX-License-Identifier: MIT */
#include "connection_defects.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A buffer of the size of a piece, which byte-stuffing and headers outgrow. */
#define WRITE_ROOM 4096

size_t defect_written(const struct switches *on, size_t len)
{
	if (switch_is_on(on, DEFECT_LONG_WRITES_CUT) && len > WRITE_ROOM)
		return WRITE_ROOM;
	return len;
}

size_t defect_lines(const struct switches *on, size_t lines)
{
	return switch_is_on(on, DEFECT_BATCH_OF_256) ? SIZE_MAX : lines;
}

bool defect_loses_input(const struct switches *on)
{
	return switch_is_on(on, DEFECT_INPUT_LOST_WHILE_WRITING);
}

void defect_read_error(const struct switches *on)
{
	if (switch_is_on(on, DEFECT_RESET_ENDS_THE_SERVER))
		exit(EXIT_FAILURE);
}

void defect_timestamp(const struct switches *on, char *to, size_t room,
		      const char *host, time_t now)
{
	if (switch_is_on(on, DEFECT_TIMESTAMP_OF_THE_SECOND))
		snprintf(to, room, "<%jd.%jd@%s>", (intmax_t)getpid(),
			 (intmax_t)now, host);
}
