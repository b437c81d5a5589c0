/* SPDX-License-Identifier: MIT */
#include "hash_password.h"

#include "secret.h"
#include "secrets_file.h"

#include <stdio.h>
#include <string.h>

/* The first line of standard input, into b. Returns 0, or -1 and e. */
static int read_password(struct buf *b, struct error *e)
{
	char line[SECRET_PASSWORD_MAX + 2] = "";

	if (!fgets(line, sizeof(line), stdin))
		return error_set(e, "no password on standard input");
	line[strcspn(line, "\r\n")] = '\0';
	buf_add_str(b, line);
	explicit_bzero(line, sizeof(line));
	return 0;
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
