/* SPDX-License-Identifier: MIT */
#include "authority.h"

#include "nobody.h"

#include <stdlib.h>

#define OAUTH_SECONDS 10 /* that a command may take */

static void read_tokens(struct authority *a,
			const struct authority_files *files,
			struct complaints *c)
{
	if (files->oauth_tokens) {
		a->tokens = tokens_read(files->oauth_tokens,
					files->oauth_tokens_setting, c);
		return;
	}
	if (!files->oauth_command)
		return;
	a->tokens = tokens_command(files->oauth_command, OAUTH_SECONDS,
				   files->oauth_askers);
	if (!a->tokens)
		complaints_add(c, "out of memory");
}

static int read_all(struct authority *a, const struct authority_files *files,
		    struct complaints *c)
{
	size_t before = c->count;
	struct error e;

	a->users = users_read(files->users, files->users_setting, c);
	if (a->users && files->salt_key)
		users_take_key(a->users, files->salt_key->octets);
	read_tokens(a, files, c);
	if (c->count > before)
		return -1;
	a->config = (struct sasl_config){
		.users = a->users,
		.tokens = a->tokens,
		.anonymous = files->anonymous,
		.clear_passwords = files->clear_passwords,
		.host = files->host,
		.host_given = files->host_given,
	};
	a->sasl = sasl_new(&a->config, &e);
	return a->sasl ? 0 : complaints_add(c, "%s", e.text);
}

struct authority *authority_read(const struct authority_files *files,
				 struct complaints *c,
				 struct complaints *warnings)
{
	struct authority *a = calloc(1, sizeof(*a));

	if (!a) {
		complaints_add(c, "out of memory");
		return NULL;
	}
	a->holders = 1;
	if (read_all(a, files, c) == 0) {
		users_warn(a->users, files->users, warnings);
		nobody_warn(a, files, warnings);
		return a;
	}
	authority_drop(a);
	return NULL;
}

struct authority *authority_hold(struct authority *a)
{
	if (a)
		a->holders++;
	return a;
}

void authority_drop(struct authority *a)
{
	if (!a || --a->holders > 0)
		return;
	sasl_free(a->sasl);
	tokens_free(a->tokens);
	users_free(a->users);
	free(a);
}
