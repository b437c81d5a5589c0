/* SPDX-License-Identifier: MIT */
/*
 * A file of settings for the server, whoever wrote it: what is refused says
 * where and why, what is accepted is within its bounds.
 */
#include "config.h"
#include "fuzz.h"

#include <arpa/inet.h>
#include <string.h>

#define PATH "c.json"

static void check_complaints(const struct complaints *c, struct slice octets)
{
	for (size_t i = 0; i < c->count && i < COMPLAINTS_KEPT; i++) {
		struct slice text = slice_str(complaints_text(c, i));

		fuzz_holds(slice_starts(text, PATH ":"),
			   "a complaint begins with the file", text);
		fuzz_holds(!slice_ends(text, ": "),
			   "a complaint says more than where", octets);
		for (size_t j = 0; j < text.len; j++)
			fuzz_holds(text.ptr[j] >= ' ' && text.ptr[j] <= '~',
				   "a complaint is printable ASCII", text);
	}
}

static void check_listeners(const struct options *o, struct slice octets)
{
	unsigned char address[16];

	fuzz_holds(o->serve.listeners_count <= LISTENERS_MAX,
		   "listeners have an end", octets);
	for (size_t i = 0; i < o->serve.listeners_count; i++) {
		const char *text = o->serve.listeners[i].address;

		fuzz_holds(inet_pton(AF_INET, text, address) == 1 ||
				   inet_pton(AF_INET6, text, address) == 1,
			   "an address is in numbers", slice_str(text));
	}
}

static void check_delays(const struct policies *p, struct slice octets)
{
	fuzz_holds(p->delay_count <= POLICIES_USERS, "users have an end",
		   octets);
	for (size_t i = 0; i < p->delay_count; i++)
		fuzz_holds(user_name_allowed(p->delays[i].user),
			   "who has a delay can be a user", p->delays[i].user);
}

static void check_values(const struct options *o, struct slice octets)
{
	const struct serve_config *s = &o->serve;

	check_listeners(o, octets);
	fuzz_holds(s->max_connections <= 1000000 &&
			   s->autologout <= 1000ull * UINT32_MAX &&
			   s->policies.login_delay <= 1000000000 &&
			   s->policies.expire_days <= 1000000000,
		   "a number is within its bounds", octets);
	fuzz_holds(apop_host_allowed(slice_str(s->host)),
		   "the host can stand in a greeting", slice_str(s->host));
	fuzz_holds(!o->maildir || *o->maildir, "a text is not empty", octets);
	check_delays(&s->policies, octets);
}

static void check_named(const struct authority_files *who, struct slice octets)
{
	for (size_t i = 0; i < who->named_count; i++)
		fuzz_holds(slice_starts(slice_str(who->named[i].setting),
					PATH ": /"),
			   "a name is told with its place", octets);
}

static void read(struct slice octets, struct options *o, struct complaints *c)
{
	int failed;

	options_init(o);
	o->config = PATH;
	*c = (struct complaints){ 0 };
	failed = config_parse(o, PATH, octets, c);
	fuzz_holds(failed == (c->count > 0 ? -1 : 0),
		   "a file that is refused says why", octets);
	if (failed == 0) {
		check_values(o, octets);
		options_check(o, c);
		options_name(o);
		check_named(&o->serve.who, octets);
	}
	check_complaints(c, octets);
}

/* Nothing depends on the order in which a table keeps its keys. */
static void check_same(const struct complaints *a, const struct complaints *b,
		       struct slice octets)
{
	bool same = a->count == b->count;

	for (size_t i = 0; same && i < a->count && i < COMPLAINTS_KEPT; i++)
		same = strcmp(complaints_text(a, i), complaints_text(b, i)) ==
		       0;
	fuzz_holds(same, "a file is read the same each time", octets);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	struct slice text = slice_of(octets, count);
	struct complaints first, second;
	struct options o;

	read(text, &o, &first);
	options_free(&o);
	read(text, &o, &second);
	options_free(&o);
	check_same(&first, &second, text);
	complaints_free(&first);
	complaints_free(&second);
	return 0;
}
