/* SPDX-License-Identifier: MIT */
#include "service.h"

#include "await.h"
#include "wire_tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define AGAIN 20	    /* ms between two looks at a server that starts */
#define GRACE 10000	    /* ms to end in after SIGTERM */
#define COMMAND_WAIT 60000  /* ms for stop and reset */
#define GREETING_LIMIT 4096 /* octets without a line end */

struct service {
	const struct target *target;
	struct child *child;
};

unsigned service_free_port(struct error *e)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t size = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	unsigned port = 0;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd >= 0 && !bind(fd, (struct sockaddr *)&a, size) &&
	    !getsockname(fd, (struct sockaddr *)&a, &size))
		port = ntohs(a.sin_port);
	else
		error_set(e, "no free port: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return port;
}

static struct child *run(const struct target *t, const char *command,
			 struct error *e)
{
	char *text = target_command(t, command);
	struct child *c = NULL;

	if (text)
		c = spawn_command(text, t->directory, e);
	else
		error_set(e, "no memory");
	free(text);
	return c;
}

int service_run(const struct target *t, const char *command,
		const struct cancel *cancel, struct error *e)
{
	struct child *c = run(t, command, e);
	int failed;

	if (!c)
		return -1;
	failed = spawn_await_end(c, COMMAND_WAIT, cancel, e);
	spawn_free(c);
	return failed;
}

/* Whether the first line that w brings begins with +OK, in any case. */
static bool greets(struct wire *w, uint64_t deadline)
{
	struct buf came = {0};
	struct slice text = {0};
	bool right;

	while (slice_find(text, '\n') == text.len &&
	       text.len < GREETING_LIMIT &&
	       w->ops->receive(w, &came, deadline) == WIRE_OCTETS)
		text = buf_slice(&came);
	right = slice_find(text, '\n') < text.len &&
		slice_is_nocase(slice_first(text, 3), "+OK");
	buf_free(&came);
	return right;
}

static struct wire *try_connect(const struct target *t, uint64_t deadline,
				const struct cancel *cancel, struct error *e)
{
	uint64_t now = await_now();
	char port[8];

	snprintf(port, sizeof(port), "%u", (unsigned)t->port);
	return wire_tcp_connect(t->host, port,
				deadline > now ? deadline - now : 0, cancel, e);
}

/* Returns 0 when it greets, 1 when it does not yet, which e explains. */
static int look(const struct target *t, uint64_t deadline,
		const struct cancel *cancel, struct error *e)
{
	struct wire *w = try_connect(t, deadline, cancel, e);
	bool ready;

	if (!w)
		return 1;
	ready = greets(w, deadline);
	w->ops->close(w);
	if (!ready)
		error_set(e, "it listens, but does not greet with +OK");
	return ready ? 0 : 1;
}

/* -1 and e when start failed; it may end, if it leaves a server behind. */
static int check_child(const struct service *s, struct error *e)
{
	if (!spawn_ended(s->child, NULL))
		return 0;
	return spawn_await_end(s->child, 0, NULL, e);
}

static int await_greeting(const struct service *s, const struct cancel *cancel,
			  struct error *e)
{
	const struct patience *p = &s->target->patience;
	uint64_t start = await_now();
	uint64_t deadline = start + p->ms[WAIT_CONNECT] + p->ms[WAIT_GREETING];

	for (;;) {
		int news = spawn_news(s->child);

		spawn_news_seen(s->child);
		if (check_child(s, e))
			return -1;
		if (!look(s->target, deadline, cancel, e))
			return 0;
		if (cancel_raised(cancel))
			return error_set(e, "cancelled");
		if (await_now() >= deadline)
			return error_prefix(e, "not ready in time");
		await_fd(news, POLLIN, await_now() + AGAIN, cancel, NULL);
	}
}

/*
 * Run stop, if there is one, and end what is left of start: what ends because
 * of stop is given the time to say how.
 */
static int end(struct service *s, struct error *e)
{
	int failed = 0;

	if (s->child && s->target->stop) {
		failed = service_run(s->target, s->target->stop, NULL, e);
		if (!failed)
			spawn_await_end(s->child, GRACE, NULL, NULL);
	}
	if (s->child)
		spawn_stop(s->child, GRACE);
	return failed;
}

void service_free(struct service *s)
{
	if (!s)
		return;
	spawn_free(s->child);
	free(s);
}

/* Another server at that port would be judged, and the one started blamed. */
static int check_free(const struct target *t, const struct cancel *cancel,
		      struct error *e)
{
	uint64_t deadline = await_now() + t->patience.ms[WAIT_CONNECT];
	struct error refused;
	struct wire *w = try_connect(t, deadline, cancel, &refused);

	if (!w)
		return 0;
	w->ops->close(w);
	return error_set(e, "something listens on port %u already",
			 (unsigned)t->port);
}

static int choose_port(struct target *t, const struct cancel *cancel,
		       struct error *e)
{
	if (t->port)
		return check_free(t, cancel, e);
	t->port = service_free_port(e);
	return t->port ? 0 : -1;
}

struct service *service_start(struct target *t, const struct cancel *cancel,
			      struct error *e)
{
	struct service *s = calloc(1, sizeof(*s));

	if (!s) {
		error_set(e, "no memory");
		return NULL;
	}
	s->target = t;
	if (!choose_port(t, cancel, e))
		s->child = run(t, t->start, e);
	if (s->child && !await_greeting(s, cancel, e))
		return s;
	error_prefix(e, "start");
	end(s, NULL);
	service_free(s);
	return NULL;
}

struct child *service_child(struct service *s)
{
	return s->child;
}

/* What went into a process group of its own may have survived. */
static int check_gone(const struct service *s, struct error *e)
{
	uint64_t deadline = await_now() + s->target->patience.ms[WAIT_CLOSE];
	struct error refused;
	struct wire *w;

	while ((w = try_connect(s->target, deadline, NULL, &refused))) {
		w->ops->close(w);
		if (await_now() >= deadline)
			return error_set(e, "the server still listens: the "
					    "target needs a \"stop\" that ends "
					    "it");
		await_fd(-1, 0, await_now() + AGAIN, NULL, NULL);
	}
	return 0;
}

int service_stop(struct service *s, struct error *e)
{
	int failed = end(s, e);

	if (!failed)
		failed = check_gone(s, e);
	return failed ? error_prefix(e, "stop") : 0;
}
