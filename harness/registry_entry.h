/* SPDX-License-Identifier: MIT */
/* One entry of the register, from JSON; only registry.c has use for it. */
#ifndef JUDGE_REGISTRY_ENTRY_H
#define JUDGE_REGISTRY_ENTRY_H

#include "json_reader.h"
#include "registry.h"

/*
 * Read value into q, which is all zeroes. Returns 0, or -1 and the error; q is
 * to be freed in either case.
 */
int requirement_read(struct json_reader *r, json_t *value,
		     struct requirement *q);

/* Give back what q owns, not q itself. */
void requirement_free(struct requirement *q);

#endif
