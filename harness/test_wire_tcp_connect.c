/* SPDX-License-Identifier: MIT */
/* How a connection comes about, and what is said when it does not. */
#include "wire_tcp.h"

#include "listener.h"

#include <string.h>
#include <unistd.h>

#define LONG 20000 /* ms: more than any test takes */

static void cancelling_ends_connect(void **state)
{
	struct cancel cancel;
	struct error e;
	char port[PORT_SIZE];
	int fd = listen_on_loopback(port);

	(void)state;
	assert_int_equal(cancel_open(&cancel, &e), 0);
	cancel_raise(&cancel);
	assert_null(wire_tcp_connect("127.0.0.1", port, LONG, &cancel, &e));
	assert_non_null(strstr(e.text, ": cancelled"));
	cancel_close(&cancel);
	close(fd);
}

static void refusal_is_said_plainly(void **state)
{
	struct error e;
	char port[PORT_SIZE];
	char expected[64];
	int fd = listen_on_loopback(port);

	(void)state;
	close(fd);
	assert_null(wire_tcp_connect("127.0.0.1", port, LONG, NULL, &e));
	snprintf(expected, sizeof(expected), "127.0.0.1:%s: connection refused",
		 port);
	assert_string_equal(e.text, expected);
	assert_null(wire_tcp_connect("127.0.0.1", "no port", LONG, NULL, &e));
	assert_non_null(strstr(e.text, "127.0.0.1 port no port: "));
}

static void ipv6_is_spoken(void **state)
{
	struct sockaddr_in6 where = {.sin6_family = AF_INET6,
				     .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	int probe = socket(AF_INET6, SOCK_STREAM, 0);
	char port[PORT_SIZE];
	char expected[64];
	struct error e;
	struct wire *w;
	int fd;

	(void)state;
	if (probe < 0 ||
	    bind(probe, (struct sockaddr *)&where, sizeof(where))) {
		close(probe);
		skip(); /* a machine without IPv6 */
	}
	close(probe);
	fd = listen_on((struct sockaddr *)&where, sizeof(where), port);
	w = wire_tcp_connect("::1", port, LONG, NULL, &e);
	assert_non_null(w);
	w->ops->close(w);
	close(fd);
	assert_null(wire_tcp_connect("::1", port, LONG, NULL, &e));
	snprintf(expected, sizeof(expected), "[::1]:%s: connection refused",
		 port);
	assert_string_equal(e.text, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cancelling_ends_connect),
	    cmocka_unit_test(refusal_is_said_plainly),
	    cmocka_unit_test(ipv6_is_spoken),
	};

	return cmocka_run_group_tests_name("wire_tcp_connect", tests, NULL,
					   NULL);
}
