/* SPDX-License-Identifier: MIT */
/* The command line of pop3-reference-server. */
#ifndef POP3_OPTIONS_H
#define POP3_OPTIONS_H

#include "apop.h"
#include "sasl.h"
#include "serve.h"
#include "tls_context.h"

struct options {
	const char *maildir, *users;
	const char *oauth_tokens, *oauth_command; /* one of them, or none */
	const char *log; /* see log_new() */
	char host[APOP_HOST_MAX + 1];
	struct tls_files tls;
	struct sasl_config sasl;
	struct serve_config serve;
};

/*
 * Read the arguments of main() into o, which borrows them; o points into
 * itself, and stays where it is. Returns 0, or -1 when they are wrong, of which
 * it complains. Does not return when they ask for something else than serving.
 */
int options_read(struct options *o, int argc, char **argv);

#endif
