/* SPDX-License-Identifier: MIT */
/*
 * What can be set at pop3-reference-server: ONE table, from which the command
 * line (options.h), the file of --config (config.h), --help and
 * --list-settings are read. A new setting is a row in settings.c, and a field
 * somewhere below struct options; the manual page tells of it, too.
 */
#ifndef POP3_SETTINGS_H
#define POP3_SETTINGS_H

#include "error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct options;

enum setting_kind {
	SETTING_TEXT,	/* octets, one at least */
	SETTING_FILE,	/* a path; in a file it begins at its folder */
	SETTING_NUMBER, /* whole, decimal, from least to most */
	SETTING_ON,	/* true or false; the flag has no argument: true */
	SETTING_OFF,	/* the same, but the flag says false */
	SETTING_LIST,	/* [...], most elements; # is one of them */
	SETTING_NAMES,	/* {...}, most members; * is one of them */
	SETTING_ASK,	/* to be done instead of serving; a flag alone */
};

/* A value, from the command line or from a file. */
struct given {
	const char *text;  /* of TEXT, FILE and ASK; outlives the options */
	uint64_t number;   /* of NUMBER; how many elements of LIST and NAMES */
	bool yes;	   /* of ON and OFF */
	bool in_file;
	size_t index;	   /* in a file: which element of the list */
	const char *name;  /* in a file: what * stands for */
};

/*
 * Takes a value that is of its kind. Returns 0, or -1 and e, which says what it
 * is not, and neither the value nor its place.
 */
typedef int setting_put(struct options *o, const struct given *value,
			struct error *e);

struct setting {
	const char *flag;    /* without its hyphens; NULL: in a file only */
	const char *pointer; /* RFC 6901, with # for any index and * for any
				name; NULL: on the command line only */
	enum setting_kind kind;
	setting_put *put;    /* or NULL: value * unit goes to the field */
	size_t field, size;  /* in struct options; a number's size counts */
	uint64_t least, most, unit;
	bool needed;	      /* a number, in the object that has it */
	const char *argument; /* of the flag, as --help names it, or NULL */
	const char *help;     /* "\n" ends a line, others are laid out */
	const char *heading;  /* what begins with this row, or NULL */
};

extern const struct setting settings[];
extern const size_t settings_count;

#define SETTINGS_MAX 64

/* The row of that flag; NULL when there is none. */
const struct setting *setting_of_flag(const char *flag);

/* The row of that pointer, with # and *; NULL when there is none. */
const struct setting *setting_at(const char *pointer);

/* True when the flag is followed by an argument. */
bool setting_has_argument(const struct setting *s);

/*
 * Read text, which comes from the command line and outlives o (NULL when there
 * is no argument). Returns 0, or -1 and e, as setting_put does.
 */
int setting_read(const struct setting *s, struct options *o, const char *text,
		 struct error *e);

/* Read text as a number within the bounds of s. Likewise. */
int setting_read_number(const struct setting *s, const char *text,
			uint64_t *number, struct error *e);

/* Take a value that is of its kind, within its bounds or not. Likewise. */
int setting_take(const struct setting *s, struct options *o,
		 const struct given *value, struct error *e);

/* The row of o->from that says where the value of s came from. */
size_t setting_index(const struct setting *s);

/* Print each setting, tab separated: flag, pointer, kind, argument, help. */
void settings_list(void);

#endif
