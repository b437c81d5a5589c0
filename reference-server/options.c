/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "hash_password.h"
#include "switches_list.h"
#include "user_name.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME "pop3-reference-server"

static const char usage[] =
    "Usage: " NAME " --maildir DIR --users FILE [OPTION]...\n"
    "A POP3 server (RFC 1939) to test clients and test suites with.\n"
    "\n"
    "  --maildir DIR       mail is in DIR/<user>/{new,cur,tmp}; there are\n"
    "                      pop3.lock and pop3spec.index (sizes), too\n"
    "  --users FILE        name:secret lines; # starts a comment. A secret is a\n"
    "                      password, in clear or after {PLAIN}, or what --hash\n"
    "                      made of it; APOP and CRAM-MD5 need it in clear\n"
    "  --address A         listen at this address (127.0.0.1)\n"
    "  --port N            listen at this port; 0: a free one (0)\n"
    "  --host NAME         a domain, for greetings (that of this host)\n"
    "  --certificate FILE  for TLS, in PEM form: offers STLS (RFC 2595)\n"
    "  --key FILE          its key\n"
    "  --tls-port N        listen there, too, for TLS from the start (RFC 8314)\n"
    "  --client-ca FILE    who signs certificates of clients, which they may show\n"
    "  --no-clear-passwords  take passwords in TLS only\n"
    "  --autologout S      close after S seconds without a command; 0: never\n"
    "                      (600, the least that RFC 1939 section 3 allows)\n"
    "  --max-connections N refuse further ones (1000)\n"
    "  --anonymous USER    AUTH ANONYMOUS (RFC 4505) opens this user's maildrop\n"
    "  --oauth-tokens FILE AUTH OAUTHBEARER (RFC 7628), in TLS only, takes the\n"
    "                      tokens of these name:token lines\n"
    "  --oauth-command CMD ... or those that CMD knows: a token comes on its\n"
    "                      standard input, its user goes to the output. It\n"
    "                      exits with 1 when nobody has it, within 10 s\n"
    "  --hash SCHEME       read a password, print what a users file can keep of\n"
    "                      it: PLAIN, CRYPT, SCRAM-SHA-1 or SCRAM-SHA-256\n"
    POLICIES_USAGE
    "  --defect ID         break the RFC in this way; may be repeated\n"
    "  --oddity ID         be odd, but legal, in this way; may be repeated\n"
    "  --double RULE       do something else at a command; may be repeated:\n"
    "                      'RETR 2 => say -ERR gone', 'RETR => delay 1500'\n"
    "                      (ms), 'RETR => cut 1000' (octets, then close),\n"
    "                      'QUIT => close'; CONNECT is the greeting, * is any\n"
    "                      command; in what is said \\r \\n \\t \\\\ \\xHH are\n"
    "                      octets, and \\c at its end leaves out the line end\n"
    "  --list-defects      what --defect takes: id, class, where it is seen\n"
    "                      (everywhere, in memory or on the wire only), the\n"
    "                      scenario that catches it, provenance, summary, and\n"
    "                      what it takes to see it where that is subtle\n"
    "  --list-oddities     what --oddity takes, likewise\n"
    "  --help, --version\n"
    "\n"
    "Says \"listening on ADDRESS:PORT\" when clients can connect, and then\n"
    "\"listening with TLS on ADDRESS:PORT\" when there is such a port. SIGTERM and\n"
    "SIGINT end it, SIGHUP has it read certificate, key and CA anew.\n";

enum option_id {
	ADDRESS,
	ANONYMOUS,
	AUTOLOGOUT,
	CERTIFICATE,
	CLIENT_CA,
	DEFECT,
	DOUBLE,
	EXPIRE,
	HASH,
	HELP,
	HOST,
	KEY,
	LANGUAGE,
	LAST,
	LATE_IMPLEMENTATION,
	LIST_DEFECTS,
	LIST_ODDITIES,
	LOGIN_DELAY,
	MAILDIR,
	MAX_CONNECTIONS,
	NO_CLEAR_PASSWORDS,
	OAUTH_COMMAND,
	OAUTH_TOKENS,
	ODDITY,
	PORT,
	TLS_PORT,
	USERS,
	VERSION,
};

static const struct option long_options[] = {
    {"address", required_argument, NULL, ADDRESS},
    {"anonymous", required_argument, NULL, ANONYMOUS},
    {"autologout", required_argument, NULL, AUTOLOGOUT},
    {"certificate", required_argument, NULL, CERTIFICATE},
    {"client-ca", required_argument, NULL, CLIENT_CA},
    {"defect", required_argument, NULL, DEFECT},
    {"double", required_argument, NULL, DOUBLE},
    {"expire", required_argument, NULL, EXPIRE},
    {"hash", required_argument, NULL, HASH},
    {"help", no_argument, NULL, HELP},
    {"host", required_argument, NULL, HOST},
    {"key", required_argument, NULL, KEY},
    {"language", required_argument, NULL, LANGUAGE},
    {"last", no_argument, NULL, LAST},
    {"late-implementation", no_argument, NULL, LATE_IMPLEMENTATION},
    {"list-defects", no_argument, NULL, LIST_DEFECTS},
    {"list-oddities", no_argument, NULL, LIST_ODDITIES},
    {"login-delay", required_argument, NULL, LOGIN_DELAY},
    {"maildir", required_argument, NULL, MAILDIR},
    {"max-connections", required_argument, NULL, MAX_CONNECTIONS},
    {"no-clear-passwords", no_argument, NULL, NO_CLEAR_PASSWORDS},
    {"oauth-command", required_argument, NULL, OAUTH_COMMAND},
    {"oauth-tokens", required_argument, NULL, OAUTH_TOKENS},
    {"oddity", required_argument, NULL, ODDITY},
    {"port", required_argument, NULL, PORT},
    {"tls-port", required_argument, NULL, TLS_PORT},
    {"users", required_argument, NULL, USERS},
    {"version", no_argument, NULL, VERSION},
    {0},
};

static int complain(const struct error *e)
{
	fprintf(stderr, NAME ": %s\n", e->text);
	return -1;
}

/* Reads value, all of it, as a decimal number up to most. */
static int read_number(const char *option, const char *value, uint64_t most,
		       uint64_t *number)
{
	struct error e;
	size_t i = 0;

	*number = 0;
	for (; value[i] >= '0' && value[i] <= '9' && *number <= most; i++)
		*number = 10 * *number + (uint64_t)(value[i] - '0');
	if (i > 0 && value[i] == '\0' && *number <= most)
		return 0;
	error_set(&e, "--%s %s: not a number from 0 to %ju", option, value,
		  (uintmax_t)most);
	return complain(&e);
}

static int read_switch(struct switches *s, bool defect, const char *id)
{
	struct error e;

	for (size_t i = 0; i < SWITCHES; i++)
		if (switch_rows[i].defect == defect &&
		    strcmp(switch_rows[i].id, id) == 0) {
			s->on[i] = true;
			return 0;
		}
	error_set(&e, "no %s is called %s; see --list-%s",
		  defect ? "defect" : "oddity", id,
		  defect ? "defects" : "oddities");
	return complain(&e);
}

static int read_double(struct options *o, const char *value)
{
	struct error e;

	if (doubles_add(&o->serve.doubles, value, &e) == 0)
		return 0;
	error_prefix(&e, "--double");
	return complain(&e);
}

static int read_host(struct options *o, const char *value)
{
	struct error e;

	if (apop_host_allowed(slice_str(value))) {
		snprintf(o->host, sizeof(o->host), "%s", value);
		return 0;
	}
	error_set(&e, "--host %s: not a domain of at most %d octets", value,
		  APOP_HOST_MAX);
	return complain(&e);
}

static int read_port(struct options *o, const char *value)
{
	uint64_t number;

	if (read_number("port", value, UINT16_MAX, &number) != 0)
		return -1;
	o->serve.listeners[0].port = (uint16_t)number;
	return 0;
}

static int read_tls_port(struct options *o, const char *value)
{
	uint64_t number;

	if (read_number("tls-port", value, UINT16_MAX, &number) != 0)
		return -1;
	o->serve.listeners[1].port = (uint16_t)number;
	o->serve.listeners[1].implicit_tls = true;
	o->serve.listeners_count = 2;
	return 0;
}

static int read_autologout(struct options *o, const char *value)
{
	uint64_t number;

	if (read_number("autologout", value, UINT32_MAX, &number) != 0)
		return -1;
	o->serve.autologout = 1000 * number;
	return 0;
}

static int read_max_connections(struct options *o, const char *value)
{
	uint64_t number;

	if (read_number("max-connections", value, 1000000, &number) != 0)
		return -1;
	o->serve.max_connections = (size_t)number;
	return 0;
}

static int read_anonymous(struct options *o, const char *value)
{
	struct error e;

	o->sasl.anonymous = value;
	if (user_name_allowed(slice_str(value)))
		return 0;
	error_set(&e, "--anonymous %s: a name is " USER_NAME_RULE, value);
	return complain(&e);
}

static int read_policy(struct options *o, int id, const char *value)
{
	const struct option *option = long_options;
	struct error e;

	while (option->val != id)
		option++;
	if (policies_read(&o->serve.policies, option->name, value, &e) == 0)
		return 0;
	return complain(&e);
}

/* The name of this host, when it can stand in a greeting. */
static void default_host(struct options *o)
{
	char name[sizeof(o->host)] = "";

	if (gethostname(name, sizeof(name) - 1) != 0 ||
	    !apop_host_allowed(slice_str(name)))
		strcpy(name, "localhost");
	strcpy(o->host, name);
}

static void set_defaults(struct options *o)
{
	*o = (struct options){
	    .serve =
		{
		    .listeners = {{.address = "127.0.0.1"},
				  {.address = "127.0.0.1"}},
		    .listeners_count = 1,
		    .host = o->host,
		    .autologout = 600000,
		    .max_connections = 1000,
		},
	};
	default_host(o);
}

/* Says what was asked for instead of serving, and exits. */
static void say(enum option_id what)
{
	if (what == HELP)
		fputs(usage, stdout);
	else if (what == VERSION)
		puts(NAME " " POP3SPEC_VERSION);
	else
		switches_list(what == LIST_DEFECTS);
	exit(fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* Where an option goes whose value is taken as it is, or NULL. */
static const char **file_of(struct options *o, int id)
{
	switch (id) {
	case CERTIFICATE:
		return &o->tls.certificate;
	case CLIENT_CA:
		return &o->tls.client_ca;
	case KEY:
		return &o->tls.key;
	case MAILDIR:
		return &o->maildir;
	case OAUTH_COMMAND:
		return &o->oauth_command;
	case OAUTH_TOKENS:
		return &o->oauth_tokens;
	case USERS:
		return &o->users;
	default:
		return NULL;
	}
}

static int read_option(struct options *o, int id, const char *value)
{
	if (file_of(o, id)) {
		*file_of(o, id) = value;
		return 0;
	}
	switch (id) {
	case ADDRESS:
		o->serve.listeners[0].address = value;
		o->serve.listeners[1].address = value;
		return 0;
	case ANONYMOUS:
		return read_anonymous(o, value);
	case AUTOLOGOUT:
		return read_autologout(o, value);
	case DEFECT:
		return read_switch(&o->serve.switches, true, value);
	case DOUBLE:
		return read_double(o, value);
	case EXPIRE:
	case LANGUAGE:
	case LAST:
	case LATE_IMPLEMENTATION:
	case LOGIN_DELAY:
		return read_policy(o, id, value);
	case HASH:
		exit(hash_password(value) ? EXIT_FAILURE : EXIT_SUCCESS);
	case HOST:
		return read_host(o, value);
	case MAX_CONNECTIONS:
		return read_max_connections(o, value);
	case NO_CLEAR_PASSWORDS:
		o->serve.secrets_need_tls = true;
		return 0;
	case ODDITY:
		return read_switch(&o->serve.switches, false, value);
	case PORT:
		return read_port(o, value);
	case TLS_PORT:
		return read_tls_port(o, value);
	case '?':
		return -1;
	default:
		say((enum option_id)id);
		return 0;
	}
}

int options_read(struct options *o, int argc, char **argv)
{
	struct error e;
	int id;

	set_defaults(o);
	while ((id = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		if (read_option(o, id, optarg) != 0)
			return -1;
	if (optind < argc)
		error_set(&e, "%s: not an option", argv[optind]);
	else if (!o->maildir || !o->users)
		error_set(&e, "--maildir and --users are needed; see --help");
	else if (o->oauth_tokens && o->oauth_command)
		error_set(&e, "--oauth-tokens or --oauth-command, not both");
	else if (!o->tls.certificate != !o->tls.key)
		error_set(&e, "--certificate and --key go together");
	else if (!o->tls.certificate && (o->serve.listeners_count > 1 ||
					 o->tls.client_ca ||
					 o->serve.secrets_need_tls))
		error_set(&e, "without --certificate and --key there is no TLS");
	else
		return 0;
	return complain(&e);
}
