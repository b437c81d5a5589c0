/* SPDX-License-Identifier: MIT */
#ifndef HARNESS_LOAD_FIXTURE_H
#define HARNESS_LOAD_FIXTURE_H

#include "fixture.h"

#define LOAD_FIXTURE_LIMIT (FIXTURE_MESSAGES_LIMIT + 1) /* files */

/*
 * Fill f with the fixture name of the directory of scenarios: a message for
 * each maildrops/<name>/<message>.eml, as it stands there, and those that
 * maildrops/<name>/maildrop.json generates (fixture_generate); other files are
 * left alone. Nothing there may be a symbolic link. Returns -1 and e for a name
 * that is none, a fixture that is not there or has neither, and at the limits
 * of fixture.h. What f owns is freed by fixture_free() in both cases.
 */
int load_fixture(struct fixture *f, const char *scenarios, const char *name,
		 struct error *e);

#endif
