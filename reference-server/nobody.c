/* SPDX-License-Identifier: MIT */
#include "nobody.h"

#include "secrets_file.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct search {
	const struct users *users;
	int root; /* of the maildrops, or -1 */
};

static bool is_nobody(const struct search *s, struct slice name)
{
	char folder[USER_NAME_MAX + 1] = "";
	struct stat st;

	if (users_know(s->users, name))
		return false;
	memcpy(folder, name.ptr, name.len);
	return s->root < 0 ||
	       fstatat(s->root, folder, &st, AT_SYMLINK_NOFOLLOW) != 0;
}

static void warn_of_holders(const struct search *s, const struct tokens *t,
			    const struct authority_files *files,
			    struct complaints *warnings)
{
	struct wrong_lines w = { .path = files->oauth_tokens, .c = warnings };
	struct error e;
	struct slice name;
	size_t line;

	for (size_t i = 0; i < tokens_count(t); i++) {
		name = tokens_holder(t, i, &line);
		if (!is_nobody(s, name))
			continue;
		error_set(&e, "%.*s is no user of %s, and has no maildrop",
			  (int)name.len, name.ptr, files->users);
		wrong_lines_add(&w, line, 1, e.text);
	}
	wrong_lines_end(&w);
}

void nobody_warn(const struct authority *a, const struct authority_files *files,
		 struct complaints *warnings)
{
	struct search s = { .users = a->users, .root = -1 };

	if (files->maildir)
		s.root = open(files->maildir,
			      O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < files->named_count; i++)
		if (is_nobody(&s, files->named[i].name))
			complaints_add(warnings,
				       "%s: no user of %s, and has no maildrop",
				       files->named[i].setting, files->users);
	if (files->oauth_tokens)
		warn_of_holders(&s, a->tokens, files, warnings);
	if (s.root >= 0)
		close(s.root);
}
