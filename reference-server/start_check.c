/* SPDX-License-Identifier: MIT */
#include "start_check.h"

#include "listening.h"
#include "log.h"
#include "log_open.h"
#include "maildrops_check.h"
#include "runnable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

/* Whether we can do that now, whoever began. */
static bool can(const char *path, int what)
{
	return faccessat(AT_FDCWD, path, what, AT_EACCESS) == 0;
}

static bool logs_to_file(const struct options *o)
{
	return o->log && strcmp(o->log, LOG_STDERR) != 0;
}

/* The folder that path is in. */
static struct slice folder_of(const char *path)
{
	const char *end = strrchr(path, '/');

	if (!end)
		return slice_str(".");
	return slice_of(path, end > path ? (size_t)(end - path) : 1);
}

/* Whether it allows that; errno says why not. */
static bool folder_allows(const char *path, int what)
{
	char *folder = slice_copy(folder_of(path));
	bool does = folder && can(folder, what);

	free(folder);
	return does;
}

/* As log_new() would, but nothing is made. */
static bool can_be_opened(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return errno == ENOENT && folder_allows(path, W_OK | X_OK);
	errno = EISDIR;
	return !S_ISDIR(st.st_mode) && can(path, W_OK);
}

/* Lines of a log would spoil what is read from that file. */
static bool is_file_of(const struct options *o, const char *path)
{
	struct stat a, b;

	return path && stat(path, &a) == 0 && stat(o->log, &b) == 0 &&
	       S_ISREG(a.st_mode) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

static void check_log_apart(struct options *o, struct complaints *c)
{
	const struct {
		const char *flag, *path;
	} files[] = {
		{ "config", o->config },
		{ "users", o->serve.who.users },
		{ "oauth-tokens", o->serve.who.oauth_tokens },
		{ "certificate", o->serve.certificates.certificate },
		{ "key", o->serve.certificates.key },
		{ "client-ca", o->serve.certificates.client_ca },
	};
	const char *place;
	struct error e;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (!is_file_of(o, files[i].path))
			continue;
		place = options_place(o, files[i].flag);
		error_set(&e, "%s: that is the file of %s", o->log,
			  place ? place : files[i].flag);
		options_complain(o, c, "log", e.text);
	}
}

void start_check_log(struct options *o, struct complaints *c)
{
	struct error e;

	if (!logs_to_file(o))
		return;
	check_log_apart(o, c);
	if (!can_be_opened(o->log))
		error_set(&e, "%s: %s", o->log, strerror(errno));
	else if (log_open_check(o->log, &e) == 0)
		return;
	options_complain(o, c, "log", e.text);
}

void start_check_ports(const struct options *o, enum ports_in_use in_use,
		       struct complaints *c, struct complaints *warnings)
{
	struct error e;

	for (size_t i = 0; i < o->serve.listeners_count; i++)
		switch (listening_try(&o->serve, &o->serve.listeners[i], &e)) {
		case LISTENING_FREE:
			break;
		case LISTENING_IN_USE:
			complaints_add(in_use == PORTS_ARE_OTHERS ? c
								  : warnings,
				       "%s", e.text);
			break;
		case LISTENING_REFUSED:
			complaints_add(c, "%s", e.text);
			break;
		}
}

/* What root could read may be out of reach now. */
static void warn_of_lost(const struct options *o, struct complaints *warnings)
{
	const char *const files[] = {
		o->serve.who.users,
		o->serve.who.oauth_tokens,
		o->serve.certificates.certificate,
		o->serve.certificates.key,
		o->serve.certificates.client_ca,
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (files[i] && !can(files[i], R_OK) && errno != ENOENT)
			complaints_add(warnings,
				       "at SIGHUP %s cannot be read any more: "
				       "%s",
				       files[i], strerror(errno));
}

/* A file of its own is given to who writes it; another must be open to him. */
static bool opens_again(const char *log)
{
	struct stat st;
	bool is_there = lstat(log, &st) == 0;

	if (!is_there || (S_ISREG(st.st_mode) && st.st_uid != geteuid()))
		return folder_allows(log, X_OK);
	return can(log, W_OK);
}

static bool is_special(const char *log)
{
	struct stat st;

	return stat(log, &st) == 0 && !S_ISREG(st.st_mode);
}

static void warn_of_log(const struct options *o, struct complaints *warnings)
{
	struct slice folder = folder_of(o->log);

	if (is_special(o->log))
		return;
	if (!opens_again(o->log) && errno != ENOENT)
		complaints_add(warnings,
			       "at SIGHUP %s cannot be opened any more: %s",
			       o->log, strerror(errno));
	else if (!folder_allows(o->log, W_OK | X_OK) && errno != ENOENT)
		complaints_add(warnings,
			       "%s: once it is moved away, %s%s cannot make it "
			       "anew in %.*s at SIGHUP: %s",
			       o->log, o->user ? "user " : "",
			       o->user ? o->user : "the server",
			       (int)folder.len, folder.ptr, strerror(errno));
}

#define LOOKS 1000000000ull /* ns; who waits for the server waits for that */

static bool is_late(void *until)
{
	return uv_hrtime() > *(uint64_t *)until;
}

/* A start must not take as long as 10,000 questions to a slow disk. */
static void check_maildrops(const struct options *o, const struct users *users,
			    const char *who, struct complaints *warnings)
{
	uint64_t until = uv_hrtime() + LOOKS;
	struct maildrops_look look = { .root = o->maildir,
				       .who = who,
				       .is_late = o->check ? NULL : is_late,
				       .of = &until };

	maildrops_check(users, &look, warnings);
}

void start_check_reach(struct options *o, const struct users *users,
		       struct complaints *c, struct complaints *warnings)
{
	const char *who = o->user ? o->user : "the server";
	struct error e;

	if (o->serve.store && !can(o->maildir, R_OK | X_OK)) {
		error_set(&e, "%s: %s: %s", o->maildir, who, strerror(errno));
		options_complain(o, c, "maildir", e.text);
	} else if (o->serve.store && users) {
		check_maildrops(o, users, who, warnings);
	}
	if (o->serve.who.oauth_command &&
	    runnable_check(o->serve.who.oauth_command, &e) != 0)
		options_complain(o, c, "oauth-command", e.text);
	if (o->user)
		warn_of_lost(o, warnings);
	if (logs_to_file(o) && (o->user || can_be_opened(o->log)))
		warn_of_log(o, warnings);
}
