/* SPDX-License-Identifier: MIT */
#include "target.h"

#include "prompt.h"
#include "scratch.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <cmocka.h>

struct room {
	struct scratch scratch;
	struct target target;
	struct error e;
};

static int open_room(void **state)
{
	struct room *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	scratch_open(&r->scratch);
	unsetenv("POP3SPEC_PASSWORD");
	assert_int_equal(
	    target_load(&r->target, "pop3://alice@127.0.0.1:1110", &r->e), 0);
	*state = r;
	return 0;
}

static int close_room(void **state)
{
	struct room *r = *state;

	scratch_close(&r->scratch);
	target_free(&r->target);
	free(r);
	return 0;
}

static int ask_file(struct room *r, const char *text)
{
	char *path = scratch_path(&r->scratch, "password");
	int failed;

	scratch_write(&r->scratch, "password", text);
	failed = target_ask_passwords(&r->target, path, NULL, &r->e);
	free(path);
	return failed;
}

static void a_file_has_it_in_its_first_line(void **state)
{
	struct room *r = *state;

	assert_int_equal(ask_file(r, "hunter 2\r\nnot this\n"), 0);
	assert_string_equal(r->target.accounts[0].password, "hunter 2");
}

static void a_file_wins_over_the_environment(void **state)
{
	struct room *r = *state;

	setenv("POP3SPEC_PASSWORD", "environment", 1);
	assert_int_equal(ask_file(r, "file"), 0);
	assert_string_equal(r->target.accounts[0].password, "file");
}

static void the_environment_has_it_once(void **state)
{
	struct room *r = *state;

	setenv("POP3SPEC_PASSWORD", "hunter2", 1);
	assert_int_equal(target_ask_passwords(&r->target, NULL, NULL, &r->e),
			 0);
	assert_string_equal(r->target.accounts[0].password, "hunter2");
	assert_null(getenv("POP3SPEC_PASSWORD"));
}

static void an_unusable_password_is_refused(void **state)
{
	struct room *r = *state;

	assert_int_equal(ask_file(r, "\nhunter2\n"), -1);
	assert_non_null(strstr(r->e.text, "the password is empty"));
	free(r->target.accounts[0].password);
	r->target.accounts[0].password = NULL;
	assert_int_equal(ask_file(r, "hunter\t2"), -1);
	assert_non_null(strstr(r->e.text, "a control character"));
	assert_null(strstr(r->e.text, "hunter"));
}

static void one_password_is_for_one_account(void **state)
{
	struct room *r = *state;
	struct target_account *a = target_add_account(&r->target);

	assert_non_null(a);
	a->user = strdup("bob");
	assert_int_equal(ask_file(r, "hunter2"), -1);
	assert_non_null(strstr(r->e.text, "2 accounts have no password"));
	r->target.accounts[0].password = strdup("hers");
	assert_int_equal(ask_file(r, "his"), 0);
	assert_string_equal(r->target.accounts[0].password, "hers");
	assert_string_equal(r->target.accounts[1].password, "his");
}

static void nothing_missing_asks_nothing(void **state)
{
	struct room *r = *state;

	r->target.accounts[0].password = strdup("there");
	assert_int_equal(target_ask_passwords(&r->target, NULL, NULL, &r->e),
			 0);
	assert_int_equal(
	    target_ask_passwords(&r->target, "/nowhere", NULL, &r->e), -1);
	assert_non_null(strstr(r->e.text, "has its password already"));
}

/* A terminal, and the person in front of it. */
struct terminal {
	int person;
	int tty;
	const char *types; /* once asked; NULL: waits until cancelled */
	struct cancel cancel;
	char seen[256];
};

static int open_terminal(void **state)
{
	struct terminal *t = calloc(1, sizeof(*t));
	struct error e;

	assert_non_null(t);
	t->person = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(t->person >= 0);
	assert_int_equal(grantpt(t->person), 0);
	assert_int_equal(unlockpt(t->person), 0);
	t->tty = open(ptsname(t->person), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(t->tty >= 0);
	assert_int_equal(cancel_open(&t->cancel, &e), 0);
	*state = t;
	return 0;
}

static int close_terminal(void **state)
{
	struct terminal *t = *state;

	close(t->person);
	close(t->tty);
	cancel_close(&t->cancel);
	free(t);
	return 0;
}

static void see_until(struct terminal *t, const char *text)
{
	size_t n = strlen(t->seen);

	while (!strstr(t->seen, text) && n + 1 < sizeof(t->seen) &&
	       read(t->person, t->seen + n, 1) == 1)
		n++;
}

static void *be_a_person(void *terminal)
{
	struct terminal *t = terminal;

	see_until(t, "Password: ");
	if (!t->types)
		cancel_raise(&t->cancel);
	else if (write(t->person, t->types, strlen(t->types)) < 0)
		abort();
	return NULL;
}

static int ask(struct terminal *t, char **answer, struct error *e)
{
	struct termios before, after;
	pthread_t person;
	int failed;

	tcgetattr(t->tty, &before);
	assert_int_equal(pthread_create(&person, NULL, be_a_person, t), 0);
	failed = prompt_secret(t->tty, "Password: ", &t->cancel, answer, e);
	pthread_join(person, NULL);
	tcgetattr(t->tty, &after);
	assert_true(before.c_lflag & ECHO);
	assert_int_equal(before.c_lflag, after.c_lflag);
	return failed;
}

static void a_person_is_asked_without_echo(void **state)
{
	struct terminal *t = *state;
	struct error e;
	char *answer = NULL;

	t->types = "hunter2\n";
	assert_int_equal(ask(t, &answer, &e), 0);
	assert_string_equal(answer, "hunter2");
	see_until(t, "\n");
	assert_null(strstr(t->seen, "hunter2"));
	free(answer);
}

static void cancelling_ends_the_question(void **state)
{
	struct terminal *t = *state;
	struct error e;
	char *answer = NULL;

	assert_int_equal(ask(t, &answer, &e), -1);
	assert_string_equal(e.text, "cancelled");
	assert_null(answer);
}

static void a_file_is_no_terminal(void **state)
{
	char *answer = NULL;
	struct error e;
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)state;
	assert_int_equal(prompt_secret(fd, "?", NULL, &answer, &e), -1);
	assert_non_null(strstr(e.text, "terminal: "));
	close(fd);
}

#define IN_ROOM(t) cmocka_unit_test_setup_teardown(t, open_room, close_room)
#define AT_TERMINAL(t)                                                         \
	cmocka_unit_test_setup_teardown(t, open_terminal, close_terminal)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_ROOM(a_file_has_it_in_its_first_line),
	    IN_ROOM(a_file_wins_over_the_environment),
	    IN_ROOM(the_environment_has_it_once),
	    IN_ROOM(an_unusable_password_is_refused),
	    IN_ROOM(one_password_is_for_one_account),
	    IN_ROOM(nothing_missing_asks_nothing),
	    AT_TERMINAL(a_person_is_asked_without_echo),
	    AT_TERMINAL(cancelling_ends_the_question),
	    cmocka_unit_test(a_file_is_no_terminal),
	};

	return cmocka_run_group_tests_name("target_passwords", tests, NULL,
					   NULL);
}
