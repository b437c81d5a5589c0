/* SPDX-License-Identifier: MIT */
#include "result_file.h"

#include "samples.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static void assert_holds(const char *path, const char *text)
{
	char *found = slurp(path);

	assert_non_null(found);
	assert_string_equal(found, text);
	free(found);
}

static void write_text(struct result_file *f, const char *text)
{
	struct error e = { 0 };

	assert_int_equal(result_file_write(f, slice_str(text), &e), 0);
	assert_string_equal(e.text, "");
}

static void a_file_appears_when_it_is_published(void **state)
{
	char *path = folder_path(state, "r");
	struct error e = { 0 };
	struct result_file *f = result_file_open(path, &e);

	assert_non_null(f);
	write_text(f, "one\n");
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(result_file_publish(f, &e), 0);
	assert_holds(path, "one\n");
	write_text(f, "two\n");
	assert_holds(path, "one\ntwo\n");
	assert_int_equal(result_file_publish(f, &e), 0);
	result_file_free(f);
	assert_holds(path, "one\ntwo\n");
	assert_int_equal(folder_files(state), 1);
	free(path);
}

static void what_was_not_published_leaves_the_old_file(void **state)
{
	char *path = folder_path(state, "r");
	struct error e = { 0 };
	struct result_file *f;

	spill(path, "old\n");
	f = result_file_open(path, &e);
	assert_non_null(f);
	write_text(f, "new\n");
	assert_holds(path, "old\n");
	result_file_free(f);
	assert_holds(path, "old\n");
	assert_int_equal(folder_files(state), 1);
	free(path);
}

static void an_old_file_keeps_its_mode_and_links_are_followed(void **state)
{
	char *path = folder_path(state, "r");
	char *link = folder_path(state, "link");
	struct error e = { 0 };
	struct result_file *f;
	struct stat st;

	spill(path, "old\n");
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(symlink("r", link), 0);
	f = result_file_open(link, &e);
	assert_non_null(f);
	write_text(f, "new\n");
	assert_int_equal(result_file_publish(f, &e), 0);
	result_file_free(f);
	assert_holds(path, "new\n");
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	free(path);
	free(link);
}

static void two_files_of_one_name_do_not_mix(void **state)
{
	char *path = folder_path(state, "r");
	struct error e = { 0 };
	struct result_file *f = result_file_open(path, &e);
	struct result_file *g = result_file_open(path, &e);

	assert_non_null(f);
	assert_non_null(g);
	write_text(f, "first\n");
	write_text(g, "second\n");
	assert_int_equal(result_file_publish(f, &e), 0);
	assert_holds(path, "first\n");
	assert_int_equal(result_file_publish(g, &e), 0);
	assert_holds(path, "second\n");
	result_file_free(f);
	result_file_free(g);
	assert_int_equal(folder_files(state), 1);
	free(path);
}

static void a_path_that_cannot_be_written_is_named(void **state)
{
	char *path = folder_path(state, "none/r");
	struct error e = { 0 };

	assert_null(result_file_open(path, &e));
	assert_non_null(strstr(e.text, "none/r: cannot write: No such file"));
	e.text[0] = '\0';
	assert_null(result_file_open(*state, &e));
	assert_non_null(strstr(e.text, "cannot write: Is a directory"));
	assert_int_equal(folder_files(state), 0);
	free(path);
}

static void a_full_device_is_an_error_that_stays(void **state)
{
	struct error e = { 0 };
	struct result_file *f = result_file_open("/dev/full", &e);

	(void)state;
	assert_non_null(f);
	assert_int_equal(result_file_write(f, slice_str("x"), &e), -1);
	assert_string_equal(e.text, "/dev/full: cannot write: "
				    "No space left on device");
	assert_int_equal(result_file_write(f, slice_str(""), &e), -1);
	assert_int_equal(result_file_publish(f, &e), -1);
	result_file_free(f);
	assert_int_equal(access("/dev/full", F_OK), 0);
}

static void limit_files_to(rlim_t octets)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = octets;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_disk_that_fills_up_costs_only_the_new_file(void **state)
{
	char *path = folder_path(state, "r");
	struct error e = { 0 };
	struct result_file *f;
	int failed;

	spill(path, "old\n");
	f = result_file_open(path, &e);
	assert_non_null(f);
	limit_files_to(6);
	write_text(f, "12345");
	failed = result_file_write(f, slice_str("6789"), &e);
	limit_files_to(RLIM_INFINITY);
	assert_int_equal(failed, -1);
	assert_non_null(strstr(e.text, "/r: cannot write: File too large"));
	assert_int_equal(result_file_write(f, slice_str("more"), &e), -1);
	assert_int_equal(result_file_publish(f, &e), -1);
	result_file_free(f);
	assert_holds(path, "old\n");
	assert_int_equal(folder_files(state), 1);
	free(path);
}

static void a_folder_that_vanished_is_an_error(void **state)
{
	char *folder = folder_path(state, "sub");
	char *path = folder_path(state, "sub/r");
	char *moved = folder_path(state, "moved");
	struct error e = { 0 };
	struct result_file *f;

	assert_int_equal(mkdir(folder, 0700), 0);
	f = result_file_open(path, &e);
	assert_non_null(f);
	write_text(f, "x");
	assert_int_equal(rename(folder, moved), 0);
	assert_int_equal(result_file_publish(f, &e), -1);
	assert_non_null(strstr(e.text, "sub/r: cannot replace: No such file"));
	assert_int_equal(rename(moved, folder), 0);
	result_file_free(f);
	assert_int_equal(rmdir(folder), 0);
	free(folder);
	free(path);
	free(moved);
}

static void write_until_stopped(int write_end)
{
	struct error e;
	struct result_file *f;

	dup2(write_end, STDOUT_FILENO);
	f = result_file_open("-", &e);
	for (int i = 0; f && i < 200000; i++)
		if (result_file_write(f, slice_str("0123456789"), &e))
			_exit(1);
	result_file_free(f);
	_exit(0);
}

static void a_pipe_that_would_block_is_waited_for(void **state)
{
	size_t got = 0;
	char piece[4096];
	int ends[2], status;
	ssize_t n;
	pid_t child;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
	child = fork();
	if (!child)
		write_until_stopped(ends[1]);
	close(ends[1]);
	while ((n = read(ends[0], piece, sizeof(piece))) > 0)
		got += (size_t)n;
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(got, 2000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(a_file_appears_when_it_is_published),
		IN_FOLDER(what_was_not_published_leaves_the_old_file),
		IN_FOLDER(an_old_file_keeps_its_mode_and_links_are_followed),
		IN_FOLDER(two_files_of_one_name_do_not_mix),
		IN_FOLDER(a_path_that_cannot_be_written_is_named),
		cmocka_unit_test(a_full_device_is_an_error_that_stays),
		IN_FOLDER(a_disk_that_fills_up_costs_only_the_new_file),
		IN_FOLDER(a_folder_that_vanished_is_an_error),
		cmocka_unit_test(a_pipe_that_would_block_is_waited_for),
	};

	return cmocka_run_group_tests_name("result_file", tests, NULL, NULL);
}
