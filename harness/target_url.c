/* SPDX-License-Identifier: MIT */
/*
 * A target from a URL (RFC 2384, RFC 3986). An error names the column and never
 * shows the text: it may hold a password.
 */
#include "target.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

struct url {
	const char *text;
	struct slice user, mechanism, password, host, port;
	bool rfc2384; /* pop:// */
	struct error *error;
};

/* at points into the text, or is NULL for its end. */
static int wrong(struct url *u, const char *at, const char *what)
{
	size_t column = at ? (size_t)(at - u->text) : strlen(u->text);

	return error_set(u->error, "URL, column %zu: %s", column + 1, what);
}

/* All of s before the first c, in *before; s is what follows c. */
static bool cut(struct slice *s, char c, struct slice *before)
{
	size_t at = slice_find(*s, c);

	*before = slice_first(*s, at);
	if (at == s->len)
		return false;
	*s = slice_of(s->ptr + at + 1, s->len - at - 1);
	return true;
}

static int split_scheme(struct url *u, struct slice *rest)
{
	size_t at = slice_search(*rest, slice_str("://"));
	struct slice scheme = slice_first(*rest, at);

	*rest = slice_of(rest->ptr + at + 3, rest->len - at - 3);
	u->rfc2384 = slice_is_nocase(scheme, "pop");
	if (u->rfc2384 || slice_is_nocase(scheme, "pop3"))
		return 0;
	if (slice_is_nocase(scheme, "pop3s") || slice_is_nocase(scheme, "pops"))
		return wrong(u, u->text,
			     "this build has no TLS yet: only pop3:// can be "
			     "judged");
	return wrong(u, u->text, "the scheme must be pop3, or pop (RFC 2384)");
}

static int split_mechanism(struct url *u, struct slice option)
{
	if (!slice_is_nocase(slice_first(option, 5), "AUTH="))
		return wrong(u, option.ptr,
			     "only AUTH= may follow ; (a ; in a name is "
			     "written %3B)");
	u->mechanism = slice_of(option.ptr + 5, option.len - 5);
	return u->mechanism.len
		   ? 0
		   : wrong(u, u->mechanism.ptr, "AUTH= needs a mechanism");
}

static int split_user(struct url *u, struct slice info)
{
	struct slice user;

	if (cut(&info, ':', &user)) {
		u->password = info;
		if (!info.len)
			return wrong(u, info.ptr, "the password is empty");
		if (u->rfc2384)
			return wrong(u, info.ptr,
				     "pop:// has no password (RFC 2384)");
	}
	if (cut(&user, ';', &u->user) && split_mechanism(u, user))
		return -1;
	return u->user.len ? 0
			   : wrong(u, u->user.ptr, "the user name is empty");
}

static int split_host(struct url *u, struct slice place)
{
	size_t closing = slice_find(place, ']');
	bool v6 = slice_starts(place, "[");
	struct slice after;

	if (v6 && closing == place.len)
		return wrong(u, place.ptr, "[ without ]");
	if (v6) {
		u->host = slice_of(place.ptr + 1, closing - 1);
		after = slice_from(place, closing + 1);
	} else {
		size_t colon = slice_find(place, ':');

		u->host = slice_first(place, colon);
		after = slice_from(place, colon);
	}
	if (after.len && after.ptr[0] != ':')
		return wrong(u, after.ptr, "expected : and a port");
	u->port = after.len ? slice_of(after.ptr + 1, after.len - 1) : after;
	return 0;
}

static int split(struct url *u)
{
	struct slice rest = slice_str(u->text);
	struct slice path, before;

	if (split_scheme(u, &rest))
		return -1;
	path = slice_from(rest, strcspn(rest.ptr, "/?#"));
	if (path.len && !slice_is(path, "/"))
		return wrong(u, path.ptr, "nothing may follow the server");
	rest = slice_first(rest, rest.len - path.len);
	if (cut(&rest, '@', &before) && split_user(u, before))
		return -1;
	if (slice_find(rest, '@') < rest.len)
		return wrong(u, rest.ptr + slice_find(rest, '@'),
			     "a second @ (in a name it is written %40)");
	return split_host(u, rest);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One octet, as it stands or %-encoded, and how many it took; 0: wrong. */
static size_t decode_one(struct url *u, struct slice s, char *octet)
{
	int high, low;

	if (*s.ptr != '%') {
		*octet = *s.ptr;
		if (*s.ptr > ' ' && *s.ptr < 0x7f &&
		    !memchr("\"<>[\\]^`{|}", *s.ptr, 11))
			return 1;
		wrong(u, s.ptr, "this octet must be %-encoded");
		return 0;
	}
	high = s.len > 2 ? hex_digit(s.ptr[1]) : -1;
	low = s.len > 2 ? hex_digit(s.ptr[2]) : -1;
	*octet = (char)(high * 16 + low);
	if (high < 0 || low < 0) {
		wrong(u, s.ptr, "% needs two hexadecimal digits");
		return 0;
	}
	if ((unsigned char)*octet < ' ' || *octet == 0x7f) {
		wrong(u, s.ptr, "a control character");
		return 0;
	}
	return 3;
}

/* *to becomes owned what s says; NULL stays when s is not there. */
static int decode(struct url *u, struct slice s, char **to)
{
	struct buf decoded = {0};
	bool there = s.ptr;

	while (s.len) {
		char octet;
		size_t n = decode_one(u, s, &octet);

		if (!n) {
			buf_free(&decoded);
			return -1;
		}
		buf_add_char(&decoded, octet);
		s = slice_from(s, n);
	}
	*to = there ? buf_steal(&decoded) : NULL;
	if (there && !*to)
		return error_set(u->error, "no memory");
	return 0;
}

static bool is_host_octet(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

static int read_host(struct url *u, struct target *t)
{
	unsigned char address[sizeof(struct in6_addr)];

	t->host = slice_copy(u->host);
	if (!t->host)
		return error_set(u->error, "no memory");
	if (u->host.ptr > u->text && u->host.ptr[-1] == '[') {
		if (inet_pton(AF_INET6, t->host, address) != 1)
			return wrong(u, u->host.ptr, "not an IPv6 address");
		return 0;
	}
	for (size_t i = 0; i < u->host.len; i++)
		if (!is_host_octet(u->host.ptr[i]))
			return wrong(u, u->host.ptr + i,
				     "not an octet of a host name");
	return u->host.len ? 0 : wrong(u, u->host.ptr, "the host is missing");
}

static int read_port(struct url *u, struct target *t)
{
	uint64_t port = 0;

	if (!u->port.ptr) {
		t->port = 110;
		return 0;
	}
	for (size_t i = 0; i < u->port.len && port <= 65535; i++) {
		char c = u->port.ptr[i];

		if (c < '0' || c > '9')
			return wrong(u, u->port.ptr + i, "not a digit");
		port = port * 10 + (uint64_t)(c - '0');
	}
	t->port = port;
	return port >= 1 && port <= 65535
		   ? 0
		   : wrong(u, u->port.ptr, "a port is from 1 to 65535");
}

static int read_account(struct url *u, struct target *t)
{
	struct target_account *a;

	if (!u->user.ptr)
		return 0;
	a = target_add_account(t);
	if (!a)
		return error_set(u->error, "no memory");
	if (u->password.ptr && !target_is_loopback(t))
		return wrong(u, u->password.ptr,
			     "a password is taken here on loopback only: give "
			     "it by --password-file or POP3SPEC_PASSWORD");
	return decode(u, u->user, &a->user) ||
		       decode(u, u->password, &a->password) ||
		       decode(u, u->mechanism, &t->mechanism)
		   ? -1
		   : 0;
}

int target_from_url(struct target *t, const char *url, struct error *e)
{
	struct url u = {.text = url, .error = e};

	if (target_init(t, e) || split(&u) || read_host(&u, t) ||
	    read_port(&u, t) || read_account(&u, t))
		return -1;
	return 0;
}
