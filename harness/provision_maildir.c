/* SPDX-License-Identifier: MIT */
#include "provision.h"

#include "file.h"
#include "known_messages.h"
#include "maildir.h"
#include "plural.h"
#include "random.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MARK ".pop3spec-" /* in each name, before the token */
#define TOKEN 16	  /* hexadecimal digits */
#define TRIES 5		  /* a server may rename while we clear */

struct maildir_provisioner {
	struct provisioner provisioner;
	char *pattern;
	enum line_ends line_ends;
	char token[TOKEN + 1]; /* marks what this provisioner put */
	unsigned put;	       /* messages so far */
	struct known_messages known;
	int *held; /* descriptors that hold locks */
	size_t held_count;
};

static struct maildir_provisioner *self(struct provisioner *p)
{
	return (struct maildir_provisioner *)p;
}

static int know(struct provisioner *p, const struct fixture *f, struct error *e)
{
	return known_messages_add(&self(p)->known, f, e);
}

/* Nothing that could be another directory than the user's own. */
static bool is_plain_name(const char *user)
{
	for (const char *c = user; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f || *c == '/')
			return false;
	return *user && *user != '.';
}

static int open_maildrop(struct maildir_provisioner *p, const char *user,
			 struct maildir *m, struct error *e)
{
	struct slice rest = slice_str(p->pattern);
	struct slice place = slice_str(TARGET_USER_PLACE);
	struct buf path = {0};
	size_t at;
	int failed;

	if (!is_plain_name(user))
		return error_set(e,
				 "user '%.80s' has no maildrop here: the "
				 "name is no plain name of a directory",
				 user);
	while ((at = slice_search(rest, place)) < rest.len) {
		buf_add(&path, slice_first(rest, at));
		buf_add_str(&path, user);
		rest = slice_from(rest, at + place.len);
	}
	buf_add(&path, rest);
	failed = buf_text(&path) ? maildir_open(m, path.ptr, e)
				 : error_set(e, "no memory");
	buf_free(&path);
	return failed;
}

/* The token in a name of ours, or NULL: servers append flags to names. */
static const char *token_of(const char *name)
{
	const char *mark = strstr(name, MARK);
	const char *token = mark ? mark + sizeof(MARK) - 1 : NULL;

	if (!token || strspn(token, "0123456789abcdef") != TOKEN)
		return NULL;
	return strchr(",:", token[TOKEN]) ? token : NULL;
}

/* What a server has just moved away is nobody's; it is met again in cur. */
static bool is_ours(int dir, const char *name, void *with)
{
	const struct maildir_provisioner *p = with;
	const char *token = token_of(name);
	struct buf octets = {0};
	bool known;

	if (!token)
		return false;
	if (!strncmp(token, p->token, TOKEN))
		return true;
	if (file_read_at(dir, name, name, FIXTURE_OCTETS_LIMIT, &octets, NULL))
		known = faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW);
	else
		known = known_messages_has(&p->known, buf_slice(&octets));
	buf_free(&octets);
	return known;
}

/* Returns 0 and how many messages of ours there are, and no others. */
static int count_ours(struct maildir_provisioner *p, const struct maildir *m,
		      size_t *ours, struct error *e)
{
	size_t foreign;

	if (maildir_count(m, is_ours, p, ours, &foreign, e))
		return -1;
	if (foreign)
		return error_set(e,
				 "%s: holds %zu message%s that pop3spec did "
				 "not put there",
				 m->path, foreign, plural(foreign));
	return 0;
}

static int keep_held(struct maildir_provisioner *p, int fd, struct error *e)
{
	int *grown = reallocarray(p->held, p->held_count + 1, sizeof(*grown));

	if (!grown) {
		close(fd);
		return error_set(e, "no memory");
	}
	p->held = grown;
	grown[p->held_count++] = fd;
	return 0;
}

static int hold(struct provisioner *p, const char *user, struct error *e)
{
	struct maildir m;
	int fd, failed = open_maildrop(self(p), user, &m, e);

	if (failed)
		return failed;
	fd = maildir_hold(&m, e);
	maildir_close(&m);
	if (fd >= 0)
		return keep_held(self(p), fd, e);
	return fd == -1 ? -1 : 0;
}

static int check(struct provisioner *p, const char *user, struct error *e)
{
	struct maildir m;
	size_t ours;
	int failed = open_maildrop(self(p), user, &m, e);

	if (failed)
		return failed;
	failed = maildir_writable(&m, e);
	if (!failed)
		failed = count_ours(self(p), &m, &ours, e);
	maildir_close(&m);
	return failed;
}

static int empty(struct maildir_provisioner *p, const struct maildir *m,
		 struct error *e)
{
	for (int i = 0; i < TRIES; i++) {
		size_t ours;

		if (count_ours(p, m, &ours, e) ||
		    maildir_remove(m, is_ours, p, e))
			return -1;
		if (!ours)
			return 0;
	}
	return error_set(e, "%s: messages come back while they are removed",
			 m->path);
}

static int clear(struct provisioner *p, const char *user, struct error *e)
{
	struct maildir m;
	int failed = open_maildrop(self(p), user, &m, e);

	if (failed)
		return failed;
	failed = empty(self(p), &m, e);
	maildir_close(&m);
	return failed;
}

static void add_as_stored(const struct maildir_provisioner *p,
			  struct buf *to, struct slice octets)
{
	if (p->line_ends == LINE_ENDS_AS_IS) {
		buf_add(to, octets);
		return;
	}
	while (octets.len) {
		size_t end = slice_find(octets, '\n');
		struct slice line = slice_first(octets, end);

		if (end < octets.len && slice_ends(line, "\r"))
			line.len--;
		buf_add(to, line);
		if (end < octets.len)
			buf_add_str(to, p->line_ends == LINE_ENDS_CRLF ? "\r\n"
								       : "\n");
		octets = slice_from(octets, end + 1);
	}
}

/*
 * No name comes twice: a server may have cached a size by name. In the order of
 * their octets they are in the order in which they were put.
 */
static int put_one(struct maildir_provisioner *p, const struct maildir *m,
		   struct slice octets, struct error *e)
{
	struct timespec now;
	struct buf name = {0}, stored = {0};
	int failed;

	add_as_stored(p, &stored, octets);
	clock_gettime(CLOCK_REALTIME, &now);
	buf_printf(&name, "%lld.M%06ldP%ldQ%06u" MARK "%s",
		   (long long)now.tv_sec, now.tv_nsec / 1000, (long)getpid(),
		   p->put++, p->token);
	if (buf_text(&name) && !stored.failed)
		failed = maildir_deliver(m, name.ptr, buf_slice(&stored), e);
	else
		failed = error_set(e, "no memory");
	buf_free(&name);
	buf_free(&stored);
	return failed;
}

static int put_all(struct provisioner *p, const char *user,
		   const struct fixture_message *messages, size_t count,
		   struct error *e)
{
	struct maildir m;
	int failed = open_maildrop(self(p), user, &m, e);

	if (failed)
		return failed;
	for (size_t i = 0; i < count && !failed; i++)
		failed =
		    put_one(self(p), &m, buf_slice(&messages[i].octets), e);
	maildir_close(&m);
	return failed;
}

static int put(struct provisioner *p, const char *user, const struct fixture *f,
	       struct error *e)
{
	return put_all(p, user, f->messages, f->count, e);
}

static int deliver(struct provisioner *p, const char *user,
		   const struct fixture_message *m, struct error *e)
{
	return put_all(p, user, m, 1, e);
}

static void provisioner_free(struct provisioner *p)
{
	for (size_t i = 0; i < self(p)->held_count; i++)
		close(self(p)->held[i]);
	free(self(p)->held);
	free(self(p)->pattern);
	known_messages_free(&self(p)->known);
	free(p);
}

static const struct provisioner_ops ops = {
    .know = know,
    .hold = hold,
    .check = check,
    .clear = clear,
    .put = put,
    .deliver = deliver,
    .free = provisioner_free,
};

struct provisioner *provision_maildir(const char *pattern,
				      enum line_ends line_ends,
				      struct error *e)
{
	struct maildir_provisioner *p = calloc(1, sizeof(*p));

	if (!p) {
		error_set(e, "no memory");
		return NULL;
	}
	p->provisioner = (struct provisioner){
	    .ops = &ops,
	    .can_deliver = true,
	};
	p->line_ends = line_ends;
	p->pattern = slice_copy(slice_str(pattern));
	if (p->pattern && !random_hex(p->token, TOKEN / 2, e))
		return &p->provisioner;
	provisioner_free(&p->provisioner);
	return NULL;
}
