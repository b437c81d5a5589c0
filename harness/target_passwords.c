/* SPDX-License-Identifier: MIT */
#include "target.h"

#include "file.h"
#include "prompt.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VARIABLE "POP3SPEC_PASSWORD"

static int check(const char *password, const char *from, struct error *e)
{
	if (!*password)
		return error_set(e, "%s: the password is empty", from);
	for (const char *c = password; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return error_set(e,
					 "%s: the password holds a control "
					 "character",
					 from);
	return 0;
}

/* The first line of the file, without its end. */
static int from_file(const char *path, char **password, struct error *e)
{
	struct buf text = {0};
	struct slice line;
	int failed = file_read(path, PROMPT_LIMIT, &text, NULL, e);

	line =
	    slice_first(buf_slice(&text), slice_find(buf_slice(&text), '\n'));
	if (slice_ends(line, "\r"))
		line.len--;
	if (!failed && slice_find(line, '\0') < line.len)
		failed = error_set(e, "%s: the password holds a NUL", path);
	if (!failed) {
		*password = slice_copy(line);
		failed = *password ? check(*password, path, e)
				   : error_set(e, "no memory");
	}
	if (text.ptr)
		explicit_bzero(text.ptr, text.room);
	buf_free(&text);
	return failed;
}

static int from_environment(const char *value, char **password, struct error *e)
{
	*password = slice_copy(slice_str(value));
	if (!*password)
		return error_set(e, "no memory");
	unsetenv(VARIABLE);
	return check(*password, VARIABLE, e);
}

static int from_person(const struct target *t, struct target_account *a,
		       const struct cancel *cancel, struct error *e)
{
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	struct buf server = {0};
	struct error question; /* what goes to a terminal must be printable */
	int failed;

	if (tty < 0)
		return error_set(e,
				 "no password for %s: give it by "
				 "--password-file or " VARIABLE,
				 a->user);
	target_name(t, &server);
	error_set(&question, "Password of %s at %s: ", a->user,
		  buf_text(&server) ? server.ptr : "the server");
	failed = prompt_secret(tty, question.text, cancel, &a->password, e);
	buf_free(&server);
	close(tty);
	return failed ? failed : check(a->password, "terminal", e);
}

static size_t count_missing(const struct target *t)
{
	size_t missing = 0;

	for (size_t i = 0; i < t->account_count; i++)
		missing += !t->accounts[i].password;
	return missing;
}

int target_ask_passwords(struct target *t, const char *path,
			 const struct cancel *cancel, struct error *e)
{
	const char *value = getenv(VARIABLE);
	size_t missing = count_missing(t);
	int failed = 0;

	if (missing > 1 && (path || value))
		return error_set(e,
				 "%zu accounts have no password, and %s "
				 "holds one: write them into the target "
				 "file",
				 missing, path ? path : VARIABLE);
	if (!missing && path)
		return error_set(e,
				 "--password-file %s: each account of the "
				 "target has its password already", path);
	for (size_t i = 0; i < t->account_count && !failed; i++) {
		struct target_account *a = &t->accounts[i];

		if (a->password)
			continue;
		if (path)
			failed = from_file(path, &a->password, e);
		else if (value)
			failed = from_environment(value, &a->password, e);
		else
			failed = from_person(t, a, cancel, e);
	}
	return failed;
}
