/* SPDX-License-Identifier: MIT */
/*
 * What went wrong, in one line for a person: the place first (file:line:column,
 * or file and JSON pointer), then the problem, then what would have been right.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

struct error {
	char text[512]; /* printable, NUL-terminated, no line end */
	int reason;	/* what the system says, an errno; 0: it says nothing */
};

/*
 * Fill e (which may be NULL) as printf does, cut to fit; octets that are not
 * printable ASCII become '?', so that an error may
 * carry what a hostile file said. Returns -1, so that a function can end with
 * "return error_set(...)".
 */
int error_set(struct error *e, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same, and the system gave that reason. Returns -1. */
int error_because(struct error *e, int reason, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Put "prefix: " in front of what e holds already. Returns -1. */
int error_prefix(struct error *e, const char *prefix);

#endif
