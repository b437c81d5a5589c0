/* SPDX-License-Identifier: MIT */
#include "hash_password.h"

#include "ask_password.h"
#include "secret.h"
#include "secrets_file.h"

#include <stdio.h>
#include <unistd.h>

static int read_password(struct buf *b, struct error *e)
{
	return isatty(STDIN_FILENO) ? password_ask(b, SECRET_PASSWORD_MAX, e)
				    : password_read(b, SECRET_PASSWORD_MAX, e);
}

int hash_password(const char *scheme)
{
	struct buf password = { 0 }, made = { 0 };
	struct error e;
	int failed = read_password(&password, &e);

	if (!failed)
		failed = secret_make(scheme, buf_slice(&password), &made, &e);
	if (failed)
		fprintf(stderr, "pop3-reference-server: %s\n", e.text);
	else if (puts(buf_text(&made)) < 0 || fflush(stdout) != 0)
		failed = -1;
	secrets_file_wipe(&password);
	secrets_file_wipe(&made);
	return failed ? -1 : 0;
}
