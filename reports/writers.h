/* SPDX-License-Identifier: MIT */
/*
 * How each format opens its writer on a file. Each takes the file and returns
 * owned; without memory it returns NULL, and the file stays the caller's.
 */
#ifndef REPORTS_WRITERS_H
#define REPORTS_WRITERS_H

#include "report.h"
#include "result_file.h"

struct report *open_text(struct result_file *file);
struct report *open_jsonl(struct result_file *file);
struct report *open_json(struct result_file *file);
struct report *open_junit(struct result_file *file);

#endif
