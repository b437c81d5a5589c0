/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include "options.h"
#include "settings_put.h"

#include <stdio.h>
#include <string.h>

#define FIELD(path)                                                            \
	.field = offsetof(struct options, path),                               \
	.size = sizeof(((struct options *)0)->path)
#define BOUNDS(from, to) .least = (from), .most = (to)
#define SECONDS .unit = 1000, .argument = "S" /* kept in ms */
#define TIME_MAX 1000000000 /* seconds or days */

const struct setting settings[] = {
	{ "config", NULL, SETTING_FILE, FIELD(config), .argument = "FILE",
	  .help = "read settings from this file, in JSON; the command line "
		  "counts more than it",
	  .heading = "What it serves" },
	{ "maildir", "/store/maildir", SETTING_FILE, FIELD(maildir),
	  .argument = "DIR",
	  .help = "mail is in DIR/<user>/{new,cur,tmp}; there are pop3.lock "
		  "and pop3spec.index (sizes), too" },
	{ "users", "/users/file", SETTING_FILE, FIELD(serve.who.users),
	  .argument = "FILE",
	  .help = "name:secret lines; # starts a comment. A secret is a "
		  "password, in clear or after {PLAIN}, or what --hash made of "
		  "it; APOP and CRAM-MD5 need it in clear" },
	{ "host", "/host", SETTING_TEXT, put_host, .argument = "NAME",
	  .help = "a domain, for greetings (that of this host); when it is "
		  "given, what clients of OAUTHBEARER must know it by" },

	{ "user", "/user", SETTING_TEXT, FIELD(user), .argument = "USER",
	  .help = "who to become, for good, when it listens and has read its "
		  "keys. Without it root listens at loopback only; \"root\" "
		  "stays root" },
	{ "group", "/group", SETTING_TEXT, FIELD(group), .argument = "GROUP",
	  .help = "... with this group instead of the user's own" },

	{ "address", "/listeners/#/address", SETTING_TEXT, put_address,
	  .argument = "A", .help = "listen at this address (127.0.0.1)",
	  .heading = "Where it listens" },
	{ "port", "/listeners/#/port", SETTING_NUMBER, put_port,
	  BOUNDS(0, UINT16_MAX), .argument = "N", .needed = true,
	  .help = "listen at this port; 0: a free one (0)" },
	{ "tls-port", NULL, SETTING_NUMBER, put_tls_port,
	  BOUNDS(0, UINT16_MAX), .argument = "N",
	  .help = "listen there, too, for TLS from the start (RFC 8314). One "
		  "of these three takes the place of all listeners of a "
		  "file" },
	{ NULL, "/listeners", SETTING_LIST, put_listeners,
	  .most = LISTENERS_MAX,
	  .help = "where it listens: addresses and ports" },
	{ NULL, "/listeners/#/tls", SETTING_TEXT, put_listener_tls,
	  .help = "\"none\", \"starttls\" (STLS is offered; so when there is a "
		  "certificate) or \"implicit\" (RFC 8314)" },
	{ "max-connections", "/limits/max_connections", SETTING_NUMBER,
	  FIELD(serve.max_connections), BOUNDS(0, 1000000), .argument = "N",
	  .help = "refuse further ones (1000)" },
	{ "autologout", "/limits/autologout", SETTING_NUMBER,
	  FIELD(serve.autologout), BOUNDS(0, UINT32_MAX), SECONDS,
	  .help = "close after S seconds without a command; 0: never (600, the "
		  "least that RFC 1939 section 3 allows)" },

	{ "max-per-address", "/limits/per_address", SETTING_NUMBER,
	  FIELD(serve.limits.per_address), BOUNDS(0, 1000000), .argument = "N",
	  .help = "refuse further connections of one address, or of one IPv6 "
		  "/64; 0: never (50)",
	  .heading = "What one client may take" },
	{ "login-time", "/limits/login_time", SETTING_NUMBER,
	  FIELD(serve.limits.login_time), BOUNDS(0, UINT32_MAX), SECONDS,
	  .help = "close who has not logged in S seconds after he connected, "
		  "whatever he says; 0: never (0). RFC 1939 section 3 knows "
		  "silence of ten minutes only: less than 600 is for sites "
		  "that must" },
	{ "command-rate", "/limits/command_rate", SETTING_NUMBER,
	  FIELD(serve.limits.commands), BOUNDS(0, 1000000), .argument = "N",
	  .help = "read N lines a second of a client, and N more at once; 0: "
		  "as they come (0). Others wait in his TCP" },
	{ "refusal-delay", "/limits/refusal_delay", SETTING_NUMBER,
	  FIELD(serve.limits.refusal_delay), BOUNDS(0, 60000),
	  .argument = "MS",
	  .help = "answer the first failed login after MS ms, and each further "
		  "one of the client or its address after twice as long, up "
		  "to 16 times; ten minutes without one, and it is the first "
		  "again; 0: at once (1000)" },
	{ "max-failures", "/limits/failures", SETTING_NUMBER,
	  FIELD(serve.limits.failures), BOUNDS(0, 1000000), .argument = "N",
	  .help = "close behind the answer to the Nth failed login; 0: never "
		  "(10)" },
	{ "limit-loopback", "/limits/loopback_too", SETTING_ON,
	  FIELD(serve.limits.loopback_too),
	  .help = "all these but --login-time, which is for everybody, are for "
		  "other machines only, so that a suite on this one is not in "
		  "their way: with this they are for 127.0.0.0/8 and ::1, "
		  "too" },

	{ "log", "/log/file", SETTING_FILE, FIELD(log), .argument = "TO",
	  .help = "a line of key=value for each event, to a file, which SIGHUP "
		  "opens anew, or to standard error when TO is \"stderr\" "
		  "(complaints only, to standard error)",
	  .heading = "The log" },
	{ NULL, "/log/stderr", SETTING_ON, put_log_stderr,
	  .help = "the same, instead of a file: to standard error" },
	{ "log-any-name", "/log/any_name", SETTING_ON,
	  FIELD(serve.log_any_name),
	  .help = "the log has the name of a failed login also when no user is "
		  "called so; it may be a password that went to the wrong "
		  "place" },

	{ "certificate", "/tls/certificate", SETTING_FILE,
	  FIELD(serve.certificates.certificate), .argument = "FILE",
	  .help = "for TLS, in PEM form: offers STLS (RFC 2595)",
	  .heading = "TLS" },
	{ "key", "/tls/key", SETTING_FILE, FIELD(serve.certificates.key),
	  .argument = "FILE", .help = "its key" },
	{ "client-ca", "/tls/client_ca", SETTING_FILE,
	  FIELD(serve.certificates.client_ca), .argument = "FILE",
	  .help = "who signs certificates of clients, which they may show" },
	{ "no-clear-passwords", "/tls/clear_passwords", SETTING_OFF,
	  put_clear_passwords,
	  .help = "take passwords in TLS only; else they are taken without it "
		  "from this machine" },
	{ "clear-passwords", NULL, SETTING_ON, put_clear_passwords,
	  .help = "take passwords without TLS from other machines, too" },

	{ "anonymous", "/users/anonymous", SETTING_TEXT, put_anonymous,
	  .argument = "USER",
	  .help = "AUTH ANONYMOUS (RFC 4505) opens this user's maildrop",
	  .heading = "Who may log in, beside by password" },
	{ "oauth-tokens", "/users/oauth_tokens", SETTING_FILE,
	  FIELD(serve.who.oauth_tokens), .argument = "FILE",
	  .help = "AUTH OAUTHBEARER (RFC 7628), in TLS only, takes the tokens "
		  "of these name:token lines" },
	{ "oauth-command", "/users/oauth_command", SETTING_TEXT,
	  FIELD(serve.who.oauth_command), .argument = "CMD",
	  .help = "... or those that CMD knows: a token comes on its standard "
		  "input, its user goes to the output. It exits with 1 when "
		  "nobody has it, within 10 s" },
	{ "hash", NULL, SETTING_TEXT, put_hash, .argument = "SCHEME",
	  .help = "read a password, print what a users file can keep of it: "
		  "PLAIN, CRYPT, SCRAM-SHA-1 or SCRAM-SHA-256" },

	{ "login-delay", NULL, SETTING_TEXT, put_login_delay, .argument = "S",
	  .help = "a user may log in again after S seconds; 0: at once (0).\n"
		  "U=S: the same for user U alone",
	  .heading = "What is a site's to choose" },
	{ NULL, "/policy/login_delay", SETTING_NUMBER,
	  FIELD(serve.policies.login_delay), BOUNDS(0, TIME_MAX),
	  .help = "a user may log in again after so many seconds (0)" },
	{ NULL, "/policy/login_delays", SETTING_NAMES, .most = POLICIES_USERS,
	  .help = "users who have a login_delay of their own" },
	{ NULL, "/policy/login_delays/*", SETTING_NUMBER, put_login_delay_of,
	  BOUNDS(0, TIME_MAX), .help = "that of this user, in seconds" },
	{ "expire", "/policy/expire", SETTING_NUMBER,
	  FIELD(serve.policies.expire_days), BOUNDS(1, TIME_MAX),
	  .argument = "DAYS",
	  .help = "CAPA says that mail stays for so long; who deletes it then "
		  "is not this server (for ever)" },
	{ "late-implementation", "/policy/late_implementation", SETTING_ON,
	  FIELD(serve.policies.implementation_is_late),
	  .help = "CAPA names this server after the login only" },
	{ "language", "/language", SETTING_TEXT, put_language,
	  .argument = "TAG", .help = "en or de: what LANG * chooses (en)" },
	{ "last", "/policy/last", SETTING_ON, FIELD(serve.policies.legacy_last),
	  .help = "the command LAST, for clients of RFC 1460" },

	{ "defect", NULL, SETTING_TEXT, put_defect, .argument = "ID",
	  .help = "break the RFC in this way; may be repeated",
	  .heading = "For who tests a client or a suite" },
	{ "oddity", NULL, SETTING_TEXT, put_oddity, .argument = "ID",
	  .help = "be odd, but legal, in this way; may be repeated" },
	{ "double", NULL, SETTING_TEXT, put_double, .argument = "RULE",
	  .help = "do something else at a command; may be repeated: 'RETR 2 => "
		  "say -ERR gone', 'RETR => delay 1500' (ms), 'RETR => cut "
		  "1000' (octets, then close), 'QUIT => close'; CONNECT is the "
		  "greeting, * is any command; in what is said \\r \\n \\t "
		  "\\\\ \\xHH are octets, and \\c at its end leaves out the "
		  "line end" },
	{ "list-defects", NULL, SETTING_ASK, .least = ASKED_FOR_DEFECTS,
	  .help = "what --defect takes: id, class, where it is seen "
		  "(everywhere, in memory or on the wire only), the scenario "
		  "that catches it, provenance, summary, and what it takes to "
		  "see it where that is subtle" },
	{ "list-oddities", NULL, SETTING_ASK, .least = ASKED_FOR_ODDITIES,
	  .help = "what --oddity takes, likewise" },

	{ "check-config", NULL, SETTING_ON, FIELD(check),
	  .help = "check all this, and the files, as at a start, but do not "
		  "serve: exit with 0, or with 1 and say all that is wrong; "
		  "what may be is a warning",
	  .heading = "Help" },
	{ "list-settings", NULL, SETTING_ASK, .least = ASKED_FOR_SETTINGS,
	  .help = "each of these, its place in a file as a JSON pointer, its "
		  "kind, argument and help" },
	{ "help", NULL, SETTING_ASK, .least = ASKED_FOR_HELP },
	{ "version", NULL, SETTING_ASK, .least = ASKED_FOR_VERSION },
};

const size_t settings_count = sizeof(settings) / sizeof(settings[0]);

_Static_assert(sizeof(settings) / sizeof(settings[0]) <= SETTINGS_MAX,
	       "each has a row of options.from");

const struct setting *setting_of_flag(const char *flag)
{
	for (size_t i = 0; i < settings_count; i++)
		if (settings[i].flag && strcmp(settings[i].flag, flag) == 0)
			return &settings[i];
	return NULL;
}

const struct setting *setting_at(const char *pointer)
{
	for (size_t i = 0; i < settings_count; i++)
		if (settings[i].pointer &&
		    strcmp(settings[i].pointer, pointer) == 0)
			return &settings[i];
	return NULL;
}

size_t setting_index(const struct setting *s)
{
	return (size_t)(s - settings);
}

bool setting_has_argument(const struct setting *s)
{
	return s->kind != SETTING_ON && s->kind != SETTING_OFF &&
	       s->kind != SETTING_ASK;
}

static const char *or_none(const char *text)
{
	return text ? text : "-";
}

/* The help on one line. */
static void print_flat(const char *help)
{
	for (; *help; help++)
		putchar(*help == '\n' ? ' ' : *help);
	putchar('\n');
}

void settings_list(void)
{
	static const char *const kinds[] = { "text",  "file", "number", "bool",
					     "bool",  "list", "object", "ask" };

	for (const struct setting *s = settings; s < settings + settings_count;
	     s++) {
		printf("%s%s\t%s\t%s\t%s\t", s->flag ? "--" : "",
		       or_none(s->flag), or_none(s->pointer), kinds[s->kind],
		       or_none(s->argument));
		print_flat(s->help ? s->help : "-");
	}
}
