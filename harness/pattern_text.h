/* SPDX-License-Identifier: MIT */
/* For tests: patterns in writing, and what they bind. */
#ifndef HARNESS_PATTERN_TEXT_H
#define HARNESS_PATTERN_TEXT_H

#include "pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static inline struct pattern *parsed(const char *text,
				     enum pattern_side side)
{
	struct error e = { 0 };
	struct pattern *p = pattern_parse(slice_str(text), side, &e);

	if (!p)
		fail_msg("%s: %s", text, e.text);
	assert_string_equal(p->source, text);
	return p;
}

static inline void bound_to(const struct bindings *b, const char *name,
			    const char *value)
{
	const struct binding *one = binding_find(b, name);

	assert_non_null(one);
	assert_true(slice_is(buf_slice(&one->value), value));
}

#endif
