/* SPDX-License-Identifier: MIT */
#include "notify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

/* A socket of that name, "@..." or a path. Returns its descriptor. */
static int listen_at(const char *name)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	size_t len = strlen(name);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(at.sun_path, name, len);
	if (*name == '@')
		at.sun_path[0] = '\0';
	len += offsetof(struct sockaddr_un, sun_path) + (*name == '/');
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, (socklen_t)len), 0);
	return fd;
}

/* What came last, with a NUL. */
static const char *came(int fd)
{
	static char text[256];
	ssize_t len = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[len < 0 ? 0 : len] = '\0';
	return text;
}

static void assert_arrives(const char *name)
{
	struct notify n;
	struct error e;
	int fd = listen_at(name);

	assert_int_equal(notify_open(&n, name, &e), 0);
	assert_int_equal(notify_send(&n, "READY=1", &e), 0);
	assert_string_equal(came(fd), "READY=1");
	assert_int_equal(notify_send(&n, "STOPPING=1", &e), 0);
	assert_string_equal(came(fd), "STOPPING=1");
	close(fd);
	assert_int_equal(notify_send(&n, "READY=1", &e), -1);
	assert_string_equal(e.text, "NOTIFY_SOCKET: Connection refused");
}

static void it_arrives_at_a_path(void **state)
{
	char folder[] = "/tmp/pop3-notify-XXXXXX", path[64];

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/socket", folder);
	assert_arrives(path);
	unlink(path);
	rmdir(folder);
}

static void it_arrives_at_an_abstract_name(void **state)
{
	char name[64];

	(void)state;
	snprintf(name, sizeof(name), "@pop3-notify-%d", (int)getpid());
	assert_arrives(name);
}

static void reloading_tells_when_it_began(void **state)
{
	struct timespec now;
	struct notify n;
	struct error e;
	const char *begin = "RELOADING=1\nMONOTONIC_USEC=";
	char name[64];
	const char *text;
	long long usec;
	int fd;

	(void)state;
	snprintf(name, sizeof(name), "@pop3-notify-%d", (int)getpid());
	fd = listen_at(name);
	assert_int_equal(notify_open(&n, name, &e), 0);
	assert_int_equal(notify_reloading(&n, &e), 0);
	clock_gettime(CLOCK_MONOTONIC, &now);
	text = came(fd);
	assert_memory_equal(text, begin, strlen(begin));
	usec = atoll(text + strlen(begin));
	assert_true(usec > 0);
	assert_true(usec <=
		    (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	close(fd);
}

static void nobody_may_want_to_know(void **state)
{
	struct notify n;
	struct error e;

	(void)state;
	assert_int_equal(notify_open(&n, NULL, &e), 0);
	assert_int_equal(notify_send(&n, "READY=1", &e), 0);
	assert_int_equal(notify_open(&n, "", &e), 0);
	assert_int_equal(notify_reloading(&n, &e), 0);
}

static void names_that_cannot_be_are_refused(void **state)
{
	char longest[sizeof(((struct sockaddr_un *)0)->sun_path) + 1];
	struct notify n;
	struct error e;

	(void)state;
	memset(longest, 'x', sizeof(longest));
	longest[0] = '/';
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(notify_open(&n, longest, &e), -1);
	assert_string_equal(e.text, "NOTIFY_SOCKET: not 2 to 107 octets");
	longest[sizeof(longest) - 2] = '\0';
	assert_int_equal(notify_open(&n, longest, &e), 0);
	assert_int_equal(notify_open(&n, "@", &e), -1);
	assert_int_equal(notify_open(&n, "relative", &e), -1);
	assert_string_equal(e.text, "NOTIFY_SOCKET: neither a path nor @name");
	assert_int_equal(notify_send(&n, "READY=1", &e), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_arrives_at_a_path),
		cmocka_unit_test(it_arrives_at_an_abstract_name),
		cmocka_unit_test(reloading_tells_when_it_began),
		cmocka_unit_test(nobody_may_want_to_know),
		cmocka_unit_test(names_that_cannot_be_are_refused),
	};

	return cmocka_run_group_tests_name("notify", tests, NULL, NULL);
}
