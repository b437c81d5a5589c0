/* SPDX-License-Identifier: MIT */
#include "prompt.h"

#include "await.h"
#include "bytes.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static int say(int tty, const char *text, struct error *e)
{
	size_t left = strlen(text);

	while (left) {
		ssize_t n = write(tty, text, left);

		if (n < 0 && errno != EINTR)
			return error_set(e, "terminal: %s", strerror(errno));
		if (n > 0) {
			text += n;
			left -= (size_t)n;
		}
	}
	return 0;
}

/* Octet by octet: nothing behind the line is taken from the next reader. */
static int read_line(int tty, const struct cancel *cancel, struct slice *line,
		     char *room, struct error *e)
{
	size_t n = 0;

	while (n < PROMPT_LIMIT) {
		ssize_t got;

		if (await_fd(tty, POLLIN, AWAIT_FOREVER, cancel, NULL) ==
		    AWAIT_CANCELLED)
			return error_set(e, "cancelled");
		got = read(tty, room + n, 1);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got <= 0)
			return error_set(e, "terminal: no answer");
		if (room[n] == '\n') {
			*line = slice_of(room, n);
			return 0;
		}
		n++;
	}
	return error_set(e, "an answer of more than %d octets", PROMPT_LIMIT);
}

static int ask(int tty, const char *question, const struct cancel *cancel,
	       char **answer, struct error *e)
{
	char room[PROMPT_LIMIT];
	struct slice line;
	int failed = say(tty, question, e);

	if (!failed)
		failed = read_line(tty, cancel, &line, room, e);
	if (!failed)
		*answer = slice_copy(line);
	explicit_bzero(room, sizeof(room));
	say(tty, "\n", NULL);
	if (!failed && !*answer)
		return error_set(e, "no memory");
	return failed;
}

int prompt_secret(int tty, const char *question, const struct cancel *cancel,
		  char **answer, struct error *e)
{
	struct termios before, quiet;
	int failed;

	if (tcgetattr(tty, &before))
		return error_set(e, "terminal: %s", strerror(errno));
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	quiet.c_lflag |= ICANON;
	quiet.c_iflag |= ICRNL;
	if (tcsetattr(tty, TCSAFLUSH, &quiet))
		return error_set(e, "terminal: %s", strerror(errno));
	failed = ask(tty, question, cancel, answer, e);
	tcsetattr(tty, TCSAFLUSH, &before);
	return failed;
}
