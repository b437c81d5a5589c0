/* SPDX-License-Identifier: MIT */
#include "runnable.h"

#include "bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define BLANKS " \t\n"
#define DIGITS "0123456789"
#define PLAIN                                                                  \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" DIGITS          \
	"/._-+@:,%"

extern char **environ;

/* Digits directly before < or >: a descriptor, and no word. */
static bool is_descriptor(const char *word, size_t len)
{
	return strspn(word, DIGITS) == len &&
	       (word[len] == '<' || word[len] == '>');
}

/* Returns owned the first word, or NULL when it is not plain. */
static char *first_word(const char *command)
{
	size_t len;

	command += strspn(command, BLANKS);
	len = strspn(command, PLAIN);
	if (len == 0 || !strchr(BLANKS ";|&<>", command[len]) ||
	    is_descriptor(command, len))
		return NULL;
	return slice_copy(slice_of(command, len));
}

static bool is_file(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return false;
	errno = EACCES;
	return S_ISREG(st.st_mode) &&
	       faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0;
}

/* Builtins, keywords, and what is found by PATH. */
static bool shell_knows(char *word)
{
	char *const words[] = { (char *)"/bin/sh", (char *)"-c",
				(char *)"command -v \"$0\" >/dev/null 2>&1",
				word, NULL };
	pid_t pid, ended;
	int status = 0;

	if (posix_spawn(&pid, words[0], NULL, NULL, words, environ) != 0)
		return true; /* who knows? */
	do
		ended = waitpid(pid, &status, 0);
	while (ended < 0 && errno == EINTR);
	return ended != pid || !WIFEXITED(status) || WEXITSTATUS(status) == 0;
}

int runnable_check(const char *command, struct error *e)
{
	char *word = first_word(command);
	int failed = 0;

	if (!word)
		return 0;
	if (strchr(word, '/'))
		failed = is_file(word) ? 0
				       : error_set(e, "%s: %s", word,
						   strerror(errno));
	else if (!shell_knows(word))
		failed = error_set(e, "%s: no command of the shell", word);
	free(word);
	return failed;
}
