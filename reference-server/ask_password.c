/* SPDX-License-Identifier: MIT */
#include "ask_password.h"

#include "secrets_file.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Octet by octet, so that no copy is left in a buffer. */
int password_read(struct buf *b, size_t room, struct error *e)
{
	char c = '\0';
	ssize_t n;

	buf_reserve(b, room + 1); /* nor behind it, as it grows */
	while ((n = read(STDIN_FILENO, &c, 1)) == 1 && c != '\n')
		if (b->len <= room)
			buf_add_char(b, c);
	if (n < 0)
		return error_set(e, "standard input: %s", strerror(errno));
	if (n == 0 && !b->len)
		return error_set(e, "no password on standard input");
	if (b->len && b->ptr[b->len - 1] == '\r')
		b->len--;
	if (b->failed)
		return error_set(e, "out of memory");
	return b->len > room
		       ? error_set(e, "a password has 1 to %zu octets", room)
		       : 0;
}

/* ------------------------------------------------------------------------- */

static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

#define ENDING (sizeof(ending) / sizeof(ending[0]))

static struct termios as_it_was;

/* What the signal does by itself it does then. */
static void restore_and_end(int number)
{
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &as_it_was);
	signal(number, SIG_DFL);
	raise(number);
}

/* A signal that somebody ignores, as nohup does, stays ignored. */
static void catch_ending(struct sigaction before[ENDING])
{
	struct sigaction by_us = { .sa_handler = restore_and_end };

	for (size_t i = 0; i < ENDING; i++) {
		sigaction(ending[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(ending[i], &by_us, NULL);
	}
}

static void release_ending(const struct sigaction before[ENDING])
{
	for (size_t i = 0; i < ENDING; i++)
		sigaction(ending[i], &before[i], NULL);
}

static int ask(const char *prompt, struct buf *b, size_t room, struct error *e)
{
	int failed;

	fputs(prompt, stderr);
	fflush(stderr);
	failed = password_read(b, room, e);
	fputc('\n', stderr); /* the one that was typed was not shown */
	return failed;
}

static int ask_twice(struct buf *b, size_t room, struct error *e)
{
	struct buf again = { 0 };
	int failed = ask("password: ", b, room, e);

	if (!failed)
		failed = ask("again: ", &again, room, e);
	if (!failed && !slice_equal(buf_slice(b), buf_slice(&again)))
		failed = error_set(e, "the two passwords differ");
	secrets_file_wipe(&again);
	return failed;
}

/* Ctrl-Z would leave the terminal silent for a shell: it is off meanwhile. */
static bool hide(void)
{
	struct termios silent = as_it_was;

	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	silent.c_cc[VSUSP] = _POSIX_VDISABLE;
	return tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
}

int password_ask(struct buf *b, size_t room, struct error *e)
{
	struct sigaction before[ENDING];
	int failed;

	if (tcgetattr(STDIN_FILENO, &as_it_was) != 0)
		return error_set(e, "standard input: %s", strerror(errno));
	catch_ending(before);
	if (hide())
		failed = ask_twice(b, room, e);
	else
		failed = error_set(e, "the terminal shows what is typed: %s",
				   strerror(errno));
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &as_it_was);
	release_ending(before);
	return failed;
}
