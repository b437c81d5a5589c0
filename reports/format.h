/* SPDX-License-Identifier: MIT */
/*
 * Format 1, which the journal and the JSON report share: its keys, and the
 * structs of verdict.h to and from them. README.md describes it for readers.
 */
#ifndef REPORTS_FORMAT_H
#define REPORTS_FORMAT_H

#include "error.h"
#include "verdict.h"

#include <jansson.h>

#define FORMAT_VERSION 1

/* How both are printed: times as short as they are exact. */
#define FORMAT_FLAGS JSON_REAL_PRECISION(15)

/* Each returns a new object, or NULL and e. run_write's begins with format. */
json_t *run_write(const struct run_info *run, struct error *e);
json_t *verdict_write(const struct verdict *v, struct error *e);
json_t *summary_write(const struct run_summary *s, struct error *e);

/*
 * The reverse. Strings are borrowed from object; the transcript of v is owned,
 * but not the texts in it: free(v->transcript). -1 and e, with a JSON pointer.
 */
int run_read(const json_t *object, struct run_info *run, struct error *e);
int verdict_read(const json_t *object, struct verdict *v, struct error *e);
int summary_read(const json_t *object, struct run_summary *s, struct error *e);

#endif
