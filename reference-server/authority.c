/* SPDX-License-Identifier: MIT */
#include "authority.h"

#include <stdlib.h>

#define OAUTH_SECONDS 10 /* that a command may take */

/* Returns 0 also when there shall be no tokens. */
static int read_tokens(struct authority *a, const struct authority_files *files,
		       struct error *e)
{
	if (files->oauth_tokens)
		a->tokens = tokens_read(files->oauth_tokens, e);
	else if (files->oauth_command)
		a->tokens = tokens_command(files->oauth_command, OAUTH_SECONDS,
					   files->oauth_at_once);
	else
		return 0;
	if (!a->tokens && files->oauth_command)
		error_set(e, "out of memory");
	return a->tokens ? 0 : -1;
}

static int read_all(struct authority *a, const struct authority_files *files,
		    struct complaints *c)
{
	size_t before = c->count;
	struct error e;

	a->users = users_read(files->users, &e);
	if (!a->users)
		complaints_add(c, "%s", e.text);
	else if (files->salt_key)
		users_take_key(a->users, files->salt_key->octets);
	if (read_tokens(a, files, &e) != 0)
		complaints_add(c, "%s", e.text);
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
				 struct complaints *c)
{
	struct authority *a = calloc(1, sizeof(*a));

	if (!a) {
		complaints_add(c, "out of memory");
		return NULL;
	}
	a->holders = 1;
	if (read_all(a, files, c) == 0)
		return a;
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
