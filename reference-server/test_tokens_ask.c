/* SPDX-License-Identifier: MIT */
/* Who holds a token, by a command. */
#include "tokens.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#define ME "OAUTHBEARER's command: "

static struct error why;

static enum token asked(const char *command, const char *token, char *name)
{
	struct askers one = { .most = 1 };
	struct tokens *t = tokens_command(command, 20, &one);
	enum token is = tokens_check(t, slice_str(token), name, &why);

	tokens_free(t);
	return is;
}

static void a_command_knows_tokens(void **state)
{
	char name[USER_NAME_MAX + 1], huge[100001];

	(void)state;
	assert_int_equal(asked("read t; test $t = abc || exit 1; echo mrose",
			       "abc", name),
			 TOKEN_RIGHT);
	assert_string_equal(name, "mrose");
	assert_int_equal(asked("read t; test $t = abc || exit 1; echo mrose",
			       "abd", name),
			 TOKEN_WRONG);
	memset(huge, 'x', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = '\0';
	assert_int_equal(asked("wc -c >&2; printf tim", "x", name),
			 TOKEN_RIGHT);
	assert_int_equal(
		asked("test $(wc -c) = 100001 && echo tim", huge, name),
		TOKEN_RIGHT);
	/* It need not look at the token. */
	assert_int_equal(asked("echo tim", huge, name), TOKEN_RIGHT);
	assert_string_equal(name, "tim");
}

/* It is told what it did, but never what it said: that may be the token. */
static void a_command_that_fails_knows_nothing(void **state)
{
	static const char *const failing[][2] = {
		{ "exit 2", "exit status 2" },
		{ "echo tim; exit 3", "exit status 3" },
		{ "/no/such/command 2>&-",
		  "exit status 127, as of one that is not there" },
		{ "/dev/null 2>&-",
		  "exit status 126, as of one that cannot be executed" },
		{ "kill -9 $$", "killed by signal 9" },
		{ "sh -c 'kill -15 $$'; exit $?",
		  "exit status 143, as of one that signal 15 killed" },
		{ "exit 255", "exit status 255" },
		{ "true", "it said nothing" },
		{ "echo", "its answer is no user name" },
		{ "echo ../tim", "its answer is no user name" },
		{ "printf 'tim\\0'", "its answer is no user name" },
		{ "cat", "its answer is no user name" },
		{ "echo tim; echo tom", "its answer is more than a line" },
		{ "head -c 100000 /dev/zero",
		  "its answer is longer than a user name" },
		{ "yes tim", "its answer is longer than a user name" },
	};
	char name[USER_NAME_MAX + 1], text[128];

	(void)state;
	for (size_t i = 0; i < sizeof(failing) / sizeof(failing[0]); i++) {
		assert_int_equal(asked(failing[i][0], "to/ken", name),
				 TOKEN_UNKNOWABLE);
		snprintf(text, sizeof(text), ME "%s", failing[i][1]);
		assert_string_equal(why.text, text);
	}
}

/* The time is the command's only bound; what it started is killed, too. */
static void a_command_that_takes_too_long_is_killed(void **state)
{
	static const char no_answer[] = ME "no answer in 1 s";
	static const char no_end[] = ME "an answer, but no end in 1 s";
	static const char *const slow[][2] = {
		{ "sleep 1000", no_answer },
		{ "echo tim; sleep 1000", no_answer },
		{ "exec >&- <&-; sleep 1000", no_end },
		{ "sleep 1000 & wait", no_answer },
		{ "trap '' TERM; sleep 1000", no_answer },
	};
	char name[USER_NAME_MAX + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(slow) / sizeof(slow[0]); i++) {
		struct askers one = { .most = 1 };
		struct tokens *t = tokens_command(slow[i][0], 1, &one);
		time_t begin = time(NULL);

		assert_int_equal(tokens_check(t, slice_str("a"), name, &why),
				 TOKEN_UNKNOWABLE);
		if (strcmp(why.text, no_answer) != 0) /* not even the start */
			assert_string_equal(why.text, slow[i][1]);
		assert_true(time(NULL) - begin < 500);
		tokens_free(t);
	}
}

struct asker {
	struct tokens *tokens;
	enum token is;
	char name[USER_NAME_MAX + 1];
	struct error why;
};

static void *ask(void *of)
{
	struct asker *a = of;

	a->is = tokens_check(a->tokens, slice_str("a"), a->name,
			     &a->why);
	return NULL;
}

/*
 * One command waits for a line; another is not even started, nor is one that
 * was read after it.
 */
static void as_many_as_may_ask_at_once(void **state)
{
	char folder[] = "/tmp/tokens-XXXXXX", fifo[64], command[128];
	struct asker first = { 0 }, second = { 0 };
	struct askers one = { .most = 1 };
	pthread_t thread;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(fifo, sizeof(fifo), "%s/fifo", folder);
	snprintf(command, sizeof(command), "read x <%s; echo tim", fifo);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	first.tokens = tokens_command(command, 600, &one);
	second.tokens = tokens_command("echo bob", 600, &one);
	assert_int_equal(pthread_create(&thread, NULL, ask, &first), 0);
	fd = open(fifo, O_WRONLY); /* until the command is there */
	ask(&second);
	assert_int_equal(second.is, TOKEN_UNKNOWABLE);
	assert_string_equal(second.why.text,
			    ME "1 of it is asked, and no more may be");
	assert_int_equal(write(fd, "\n", 1), 1);
	close(fd);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(first.is, TOKEN_RIGHT);
	ask(&second);
	assert_int_equal(second.is, TOKEN_RIGHT);
	tokens_free(first.tokens);
	tokens_free(second.tokens);
	unlink(fifo);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_knows_tokens),
		cmocka_unit_test(a_command_that_fails_knows_nothing),
		cmocka_unit_test(a_command_that_takes_too_long_is_killed),
		cmocka_unit_test(as_many_as_may_ask_at_once),
	};

	return cmocka_run_group_tests_name("tokens_ask", tests, NULL, NULL);
}
