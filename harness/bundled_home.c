/* SPDX-License-Identifier: MIT */
#include "bundled_home.h"

#include "bundled.h"
#include "file.h"
#include "random.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASSWORD 24    /* digits of a password, 40 of the longest */
#define LONGEST 40     /* octets of an argument (RFC 1939 section 3) */
#define DESCRIPTORS 16 /* that a removal uses at most */

static int make_directory(const char *path, struct error *e)
{
	if (mkdir(path, 0700))
		return error_set(e, "%s: %s", path, strerror(errno));
	return 0;
}

/* Returns owned the path of a new directory below where, or NULL and e. */
static char *make_below(const char *where, struct error *e)
{
	char *path = file_path(where, "pop3spec-XXXXXX");

	if (path && mkdtemp(path))
		return path;
	error_set(e, "%s: %s", path ? path : where, strerror(errno));
	free(path);
	return NULL;
}

/* Thousands of small files come and go: in memory, where there is such. */
static char *make_anywhere(struct error *e)
{
	const char *chosen = getenv("TMPDIR");
	char *path;

	if (chosen && *chosen)
		return make_below(chosen, e);
	path = make_below("/dev/shm", e);
	return path ? path : make_below("/tmp", e);
}

static int make_home(struct bundled_home *h, struct error *e)
{
	char *path = make_anywhere(e);

	if (!path)
		return -1;
	h->directory = path;
	h->mail = file_path(path, "mail");
	h->users = file_path(path, "users");
	if (!h->mail || !h->users)
		return error_set(e, "no memory");
	return make_directory(h->mail, e);
}

static int make_maildir(const struct bundled_home *h, const char *user,
			struct error *e)
{
	static const char *const parts[] = {"", "/new", "/cur", "/tmp"};
	struct buf path = {0};
	int failed = 0;

	for (size_t i = 0; i < 4 && !failed; i++) {
		buf_clear(&path);
		buf_printf(&path, "%s/%s%s", h->mail, user, parts[i]);
		failed = buf_text(&path) ? make_directory(path.ptr, e)
					 : error_set(e, "no memory");
	}
	buf_free(&path);
	return failed;
}

static int add_trait(struct target_account *a, const char *trait)
{
	a->traits = calloc(1, sizeof(*a->traits));
	if (!a->traits)
		return -1;
	a->traits[0] = slice_copy(slice_str(trait));
	a->trait_count = a->traits[0] ? 1 : 0;
	return a->traits[0] ? 0 : -1;
}

/*
 * The second has 40 octets, one of them the last of printable ASCII; the third
 * has a space: for scenarios that ask for it.
 */
static void shape_password(char *password, size_t account)
{
	if (account != 2)
		password[PASSWORD] = '\0';
	if (account == 2)
		password[PASSWORD] = '~';
	if (account == 3)
		password[PASSWORD / 2] = ' ';
}

/* One account, and its line for the users file. */
static int add_account(const struct bundled_home *h, struct target *t,
		       struct buf *lines, struct error *e)
{
	struct target_account *a = target_add_account(t);
	char password[LONGEST + 1];
	char user[32];

	if (!a)
		return error_set(e, "no memory");
	snprintf(user, sizeof(user), "user%zu", t->account_count);
	if (random_hex(password, LONGEST / 2, e))
		return -1;
	shape_password(password, t->account_count);
	a->user = slice_copy(slice_str(user));
	a->password = slice_copy(slice_str(password));
	a->secret = slice_copy(slice_str(password));
	buf_printf(lines, "%s:%s\n", user, password);
	explicit_bzero(password, sizeof(password));
	if (!a->user || !a->password || !a->secret || add_trait(a, "apop"))
		return error_set(e, "no memory");
	return make_maildir(h, user, e);
}

static int write_users(const struct bundled_home *h, const struct buf *lines,
		       struct error *e)
{
	int fd = open(h->users, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int failed = 0;

	if (lines->failed)
		failed = error_set(e, "no memory");
	else if (fd < 0 ||
		 write(fd, lines->ptr, lines->len) != (ssize_t)lines->len)
		failed = error_set(e, "%s: %s", h->users, strerror(errno));
	if (fd >= 0)
		close(fd);
	return failed;
}

static int add_accounts(const struct bundled_home *h, struct target *t,
			size_t accounts, struct error *e)
{
	struct buf lines = {0};
	int failed = 0;

	for (size_t i = 0; i < accounts && !failed; i++)
		failed = add_account(h, t, &lines, e);
	if (!failed)
		failed = write_users(h, &lines, e);
	if (lines.ptr)
		explicit_bzero(lines.ptr, lines.room);
	buf_free(&lines);
	return failed;
}

int bundled_home_make(struct bundled_home *h, struct target *t, size_t accounts,
		      struct error *e)
{
	if (accounts < 1 || accounts > BUNDLED_ACCOUNTS_LIMIT)
		return error_set(e, "from 1 to %d accounts",
				 BUNDLED_ACCOUNTS_LIMIT);
	if (make_home(h, e) || add_accounts(h, t, accounts, e))
		return -1;
	t->host = slice_copy(slice_str("127.0.0.1"));
	t->maildir = file_path(h->mail, TARGET_USER_PLACE);
	t->keeps = true;
	return t->host && t->maildir ? 0 : error_set(e, "no memory");
}

static int remove_entry(const char *path, const struct stat *is, int type,
			struct FTW *where)
{
	(void)is;
	(void)type;
	(void)where;
	return remove(path);
}

void bundled_home_remove(struct bundled_home *h)
{
	if (h->directory)
		nftw(h->directory, remove_entry, DESCRIPTORS,
		     FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	free(h->directory);
	free(h->mail);
	free(h->users);
	*h = (struct bundled_home){0};
}
