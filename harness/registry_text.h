/* SPDX-License-Identifier: MIT */
/* For tests: registers in writing, and how they are read. */
#ifndef HARNESS_REGISTRY_TEXT_H
#define HARNESS_REGISTRY_TEXT_H

#include "registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

/* An entry with every key that must be there, left open for MORE. */
#define OPEN(ID)                                                               \
	"{\"id\": \"" ID "\", \"rfc\": 1939, \"section\": \"5\", "             \
	"\"link\": \"https://www.rfc-editor.org/rfc/rfc1939#page-9\", "        \
	"\"says\": \"RSET unmarks.\", \"party\": \"server\", "                 \
	"\"state\": \"TRANSACTION\", \"level\": \"MUST NOT\", "                \
	"\"verdict\": \"warn\", \"testability\": \"partly\""
#define ENTRY(ID, MORE) OPEN(ID) MORE "}"
#define HEAD "{\"format\": 1, \"requirements\": ["
#define REGISTER(ENTRIES) HEAD ENTRIES "]}"
#define ONE(MORE) REGISTER(ENTRY("RFC1939-5-RSET-01", MORE))

static inline struct registry *parse(const char *text)
{
	struct error e = { 0 };
	struct registry *r = registry_parse(slice_str(text), "r.json", &e);

	assert_string_equal(e.text, "");
	assert_non_null(r);
	return r;
}

/* The text is refused, and the error begins so. */
static inline void assert_refused(struct slice text, const char *message)
{
	struct error e = { 0 };

	assert_null(registry_parse(text, "r.json", &e));
	if (!slice_starts(slice_str(e.text), message))
		assert_string_equal(e.text, message);
}

static inline void assert_wrong(const char *text, const char *message)
{
	assert_refused(slice_str(text), message);
}

#endif
