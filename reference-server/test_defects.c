/* SPDX-License-Identifier: MIT */
/*
 * What a defective server says: each defect does what its summary says, once,
 * and nothing else goes wrong where it could be noticed.
 */
#include "defects_login.h"
#include "defects_transaction.h"

#define STARS_32 "********************************"
#define STARS_128 STARS_32 STARS_32 STARS_32 STARS_32
#define STARS_512 STARS_128 STARS_128 STARS_128 STARS_128

static const struct row rows[] = {
	{ "status-lower-case", "NOOP\r\nBAD\r\n",
	  "+ok\r\n-err unknown command\r\n", NULL },
	{ "status-plus-err", "NOOP\r\nBAD\r\n",
	  "+OK\r\n+ERR unknown command\r\n", NULL },
	{ "status-without-space", "NOOP\r\nBAD\r\n",
	  "+OK\r\n-ERRunknown command\r\n", NULL },
	{ "status-too-long", "NOOP\r\nBAD\r\n",
	  "+OK\r\n-ERR unknown command" STARS_512 "\r\n", NULL },
	{ "status-bare-lf", "NOOP\r\nUIDL\r\n",
	  "+OK\n+OK\n1 memory:00000001\r\n2 memory:00000002\r\n.\r\n", NULL },
	{ "farewell-without-status", "NOOP\r\nQUIT\r\n",
	  "+OK\r\ndewey POP3 server signing off (2 messages left)\r\n",
	  NULL },
	{ "line-ends-lf", "RETR 3\r\n", "+OK 6 octets\r\na\nb\n.\r\n",
	  "a\nb\n" },
	{ "retr-not-stuffed", "RETR 3\r\nTOP 3 9\r\n",
	  "+OK 5 octets\r\n\r\n.\r\n.\r\n+OK\r\n\r\n..\r\n.\r\n", "\n.\n" },
	{ "top-not-stuffed", "RETR 3\r\nTOP 3 9\r\n",
	  "+OK 5 octets\r\n\r\n..\r\n.\r\n+OK\r\n\r\n.\r\n.\r\n", "\n.\n" },
	{ "only-lone-dot-stuffed", "RETR 3\r\n",
	  "+OK 7 octets\r\n..\r\n.a\r\n.\r\n", ".\n.a\n" },
	{ "blank-line-before-terminator", "RETR 3\r\n",
	  "+OK 3 octets\r\na\r\n\r\n.\r\n", "a\n" },
	{ "terminator-without-lf", "RETR 3\r\n", "+OK 3 octets\r\na\r\n.\r",
	  "a\n" },
	{ "terminator-without-cr", "RETR 3\r\n", "+OK 3 octets\r\na\r\n.\n",
	  "a\n" },
	{ "terminator-glued", "RETR 3\r\n", "+OK 3 octets\r\na.\r\n", "a" },
	{ "eighth-bit-cleared", "RETR 3\r\n", "+OK 5 octets\r\n\r\nd\r\n.\r\n",
	  "\n\xe4\n" },
	{ "bare-cr-becomes-crlf", "RETR 3\r\n",
	  "+OK 6 octets\r\na\r\nb\r\n\r\n.\r\n", "a\rb\r\r\n" },
	{ "blank-line-added", "RETR 3\r\nRETR 1\r\nTOP 3 0\r\n",
	  "+OK 6 octets\r\nA: b\r\n\r\n.\r\n+OK 120 octets\r\n" FIRST
	  ".\r\n+OK\r\nA: b\r\n.\r\n",
	  "A: b\n" },
	{ "top-awaits-blank", "RETR 3\r\nTOP 3 0\r\n",
	  "+OK 6 octets\r\nA: b\r\n.\r\n+OK\r\nA: b\r\n", "A: b\n" },
	{ "top-writes-after-end", "TOP 3 0\r\nRETR 3\r\n",
	  "+OK\r\na\r\n.\r\n-ERR write after end\r\n"
	  "+OK 3 octets\r\na\r\n.\r\n",
	  "a\n" },
	{ "tilde-refused", "~\r\nNOOP\r\n",
	  "-ERR a command is printable ASCII\r\n+OK\r\n", NULL },
	{ "keyword-case", "noop\r\nNOOP\r\n", "-ERR unknown command\r\n+OK\r\n",
	  NULL },
	{ "capa-before-login-only", "CAPA\r\nNOOP\r\n",
	  "-ERR CAPA comes before the login\r\n+OK\r\n", NULL },
	{ "top-announced-only", "TOP 1 0\r\nUIDL 1\r\n",
	  "-ERR unknown command\r\n+OK 1 memory:00000001\r\n", NULL },
	{ "uidl-announced-only", "UIDL 1\r\nTOP 1 0\r\n",
	  "-ERR unknown command\r\n+OK\r\nSubject: first\r\n\r\n.\r\n",
	  NULL },
	{ "top-case", "top 1 0\r\nuidl 1\r\n",
	  "-ERR unknown command\r\n+OK 1 memory:00000001\r\n", NULL },
	{ "uidl-case", "uidl 1\r\nUIDL 1\r\nlist 1\r\n",
	  "-ERR unknown command\r\n+OK 1 memory:00000001\r\n+OK 1 120\r\n",
	  NULL },
	{ "capa-case", "Capa\r\nnoop\r\n",
	  "-ERR unknown command\r\n+OK\r\n", NULL },
	{ "keyword-begins", "NOOPX\r\nNOO\r\n",
	  "+OK\r\n-ERR unknown command\r\n", NULL },
	{ "empty-line-closes", "NOOP\r\n\r\nNOOP\r\n", "+OK\r\n", NULL },
	{ "spaces-skipped", "LIST  2\r\nNOOP \r\n NOOP\r\n",
	  "+OK 2 200\r\n+OK\r\n-ERR a command begins with a keyword\r\n",
	  NULL },
	{ "controls-skipped", "NO\001OP\r\nLIST\t1\r\n",
	  "+OK\r\n-ERR unknown command\r\n", NULL },
	{ "command-of-seven-bits", "NOO\xd0\r\nNOO\xd1\r\n",
	  "+OK\r\n-ERR unknown command\r\n", NULL },
	{ "lf-ends-command", "NOOP\nNOOP\r\n", "+OK\r\n+OK\r\n", NULL },
	{ "cr-ends-command", "NOOP\rNOOP\r\n", "+OK\r\n+OK\r\n", NULL },
	{ "error-eats-input", "NOOP\r\nBAD\r\nNOOP\r\n",
	  "+OK\r\n-ERR unknown command\r\n", NULL },
	{ "quit-takes-argument", "NOOP x\r\nQUIT now\r\n",
	  "-ERR NOOP takes no argument\r\n"
	  "+OK dewey POP3 server signing off (2 messages left)\r\n",
	  NULL },
	{ "quit-waits", "QUIT\r\nNOOP\r\n",
	  "+OK dewey POP3 server signing off (2 messages left)\r\n+OK\r\n",
	  NULL },
	{ "pipelined-input-dropped", "NOOP\r\nSTAT\r\n", "+OK\r\n", NULL },
	{ "pipelined-retr-cut", "RETR 1\r\nNOOP\r\n",
	  "+OK 120 octets\r\n+OK\r\n", NULL },
	{ "unknown-command-ignored", "BAD\r\nNOOP\r\n", "+OK\r\n", NULL },
	{ "unknown-command-accepted", "BAD\r\nNOOP\r\n", "+OK done\r\n+OK\r\n",
	  NULL },
	{ "error-unmarks", "DELE 1\r\nSTAT\r\nBAD\r\nSTAT\r\n",
	  "+OK message 1 deleted\r\n+OK 1 200\r\n-ERR unknown command\r\n"
	  "+OK 2 320\r\n",
	  NULL },
	{ "user-in-transaction", "USER x\r\nSTAT\r\n",
	  "+OK send your password\r\n+OK 2 320\r\n", NULL },
	{ "stat-counts-deleted", "DELE 1\r\nSTAT\r\n",
	  "+OK message 1 deleted\r\n+OK 2 320\r\n", NULL },
	{ "stat-off-by-one", "STAT\r\n", "+OK 1 320\r\n", NULL },
	{ "size-not-a-number", "LIST 1\r\nSTAT\r\n",
	  "+OK 1 %!d(float64=120)\r\n+OK 2 320\r\n", NULL },
	{ "sizes-as-stored", "LIST 3\r\nRETR 3\r\n",
	  "+OK 3 4\r\n+OK 4 octets\r\na\r\nb\r\n.\r\n", "a\nb\r\n" },
	{ "sizes-count-stuffing", "LIST 3\r\nRETR 3\r\n",
	  "+OK 3 9\r\n+OK 9 octets\r\n..\r\n..a\r\n.\r\n", ".\n.a\n" },
	{ "list-ignores-argument", "LIST 2\r\n",
	  "+OK 2 messages (320 octets)\r\n1 120\r\n2 200\r\n.\r\n", NULL },
	{ "list-one-without-number", "LIST 2\r\nLIST\r\n",
	  "+OK 200\r\n+OK 2 messages (320 octets)\r\n1 120\r\n2 200\r\n.\r\n",
	  NULL },
	{ "list-error-with-dot", "LIST 3\r\nUIDL 3\r\n",
	  "-ERR no such message, only 2 messages in maildrop\r\n.\r\n"
	  "-ERR no such message, only 2 messages in maildrop\r\n",
	  NULL },
	{ "list-shows-deleted", "DELE 1\r\nLIST 1\r\nLIST\r\nUIDL 1\r\n",
	  "+OK message 1 deleted\r\n+OK 1 120\r\n"
	  "+OK 1 message (200 octets)\r\n1 120\r\n2 200\r\n.\r\n"
	  "-ERR message 1 already deleted\r\n",
	  NULL },
	{ "message-zero", "LIST 0\r\nTOP 2 0\r\n",
	  "+OK 1 120\r\n+OK\r\nSubject: second\r\n\r\n.\r\n", NULL },
	{ "number-like-atoi", "LIST 2.0\r\nLIST 2x9\r\nLIST x\r\n",
	  "+OK 2 200\r\n+OK 2 200\r\n"
	  "-ERR a message-number is decimal, without sign and "
	  "leading zeros\r\n",
	  NULL },
	{ "number-wraps", "LIST 4294967297\r\n", "+OK 1 120\r\n", NULL },
	{ "retr-of-deleted", "DELE 1\r\nRETR 1\r\nTOP 1 0\r\n",
	  "+OK message 1 deleted\r\n+OK 120 octets\r\n" FIRST ".\r\n"
	  "-ERR message 1 already deleted\r\n",
	  NULL },
	{ "retr-headers-only", "RETR 1\r\n",
	  "+OK 120 octets\r\nSubject: first\r\n\r\n.\r\n", NULL },
	{ "retr-marks", "RETR 1\r\nSTAT\r\n",
	  "+OK 120 octets\r\n" FIRST ".\r\n+OK 1 200\r\n", NULL },
	{ "dele-twice", "DELE 1\r\nDELE 1\r\nRETR 1\r\n",
	  "+OK message 1 deleted\r\n+OK message 1 deleted\r\n"
	  "-ERR message 1 already deleted\r\n",
	  NULL },
	{ "dele-renumbers", "DELE 1\r\nUIDL\r\nDELE 1\r\nUIDL\r\nLIST 1\r\n",
	  "+OK message 1 deleted\r\n"
	  "+OK\r\n1 memory:00000002\r\n2 memory:00000003\r\n.\r\n"
	  "+OK message 1 deleted\r\n+OK\r\n1 memory:00000003\r\n.\r\n"
	  "+OK 1 3\r\n",
	  "a\n" },
	{ "noop-missing", "NOOP\r\nSTAT\r\n",
	  "-ERR unknown command\r\n+OK 2 320\r\n", NULL },
	{ "rset-does-nothing", "DELE 1\r\nRSET\r\nSTAT\r\n",
	  "+OK message 1 deleted\r\n"
	  "+OK maildrop has 1 message (200 octets)\r\n+OK 1 200\r\n",
	  NULL },
	{ "rset-logs-out", "RSET\r\nSTAT\r\n",
	  "+OK maildrop has 2 messages (320 octets)\r\n"
	  "-ERR STAT comes after the login\r\n",
	  NULL },
	{ "top-without-arguments", "TOP 1 0\r\nTOP 1\r\nNOOP\r\n",
	  "+OK\r\nSubject: first\r\n\r\n.\r\n", NULL },
	{ "top-zero-is-all", "TOP 1 0\r\n", "+OK\r\n" FIRST ".\r\n", NULL },
	{ "top-one-more", "TOP 3 0\r\n", "+OK\r\n\r\na\r\n.\r\n", "\na\nb\n" },
	{ "top-one-less", "TOP 3 1\r\nTOP 3 0\r\n",
	  "+OK\r\n\r\n.\r\n+OK\r\n\r\n.\r\n", "\na\nb\n" },
	{ "top-counts-headers", "TOP 3 2\r\n", "+OK\r\nh\r\n\r\n.\r\n",
	  "h\n\na\nb\n" },
	{ "top-pads", "TOP 3 2\r\nTOP 3 3\r\n",
	  "+OK\r\n\r\na\r\nb\r\n.\r\n+OK\r\n\r\na\r\nb\r\n\r\n.\r\n",
	  "\na\nb\n" },
	{ "top-of-deleted", "DELE 1\r\nTOP 1 0\r\nRETR 1\r\n",
	  "+OK message 1 deleted\r\n+OK\r\nSubject: first\r\n\r\n.\r\n"
	  "-ERR message 1 already deleted\r\n",
	  NULL },
	{ "uidl-shows-deleted", "DELE 1\r\nUIDL 1\r\nUIDL\r\nLIST 1\r\n",
	  "+OK message 1 deleted\r\n+OK 1 memory:00000001\r\n"
	  "+OK\r\n1 memory:00000001\r\n2 memory:00000002\r\n.\r\n"
	  "-ERR message 1 already deleted\r\n",
	  NULL },
	{ "uidl-ignores-argument", "UIDL 2\r\n",
	  "+OK\r\n1 memory:00000001\r\n2 memory:00000002\r\n.\r\n", NULL },
	{ "uidl-with-text", "UIDL 1\r\n", "+OK 1 memory:00000001 unread\r\n",
	  NULL },
	{ "uidl-is-the-number", "UIDL 2\r\n", "+OK 2 2\r\n", NULL },
	{ "update-removes-nothing", "DELE 1\r\nQUIT\r\n",
	  "+OK message 1 deleted\r\n" SIGNING_OFF "(2 messages left)\r\n",
	  NULL },
	{ "update-removes-neighbour", "DELE 1\r\nQUIT\r\n",
	  "+OK message 1 deleted\r\n" SIGNING_OFF "(1 message left)\r\n",
	  "a\n" },
	{ "quit-does-not-close", "QUIT\r\nSTAT\r\n",
	  SIGNING_OFF "(2 messages left)\r\n"
		      "-ERR STAT comes after the login\r\n",
	  NULL },
};

/* Those of the other test_defects_*.c. */
static const char *const apart[] = {
	"utf8-after-login",
	"utf8-sent-as-is",
	"utf8-mode-is-none",
	"lang-indented",
	"lang-without-tag",
	"lang-unknown-accepted",
	"lang-before-login-only",
	"list-empty-refused",
	"timestamp-constant",
	"uidl-not-stable",
	"long-lines-split",
	"size-wraps-at-65536",
	"stuffing-lost-between-pieces",
	"nul-ends-command",
	"cr-ends-piece",
	"login-piece-is-a-command",
	"stuffing-lost-at-64-kib",
	"top-stuffing-lost-between-pieces",
	"open-line-not-stuffed",
	"middle-stuffed",
	"terminator-glued-at-boundary",
	"blank-line-at-boundary",
	"long-lines-cut",
	"nul-ends-message",
	"capa-indented",
	"full-line-is-two",
	"long-name-closes",
	"long-line-in-two",
	"login-eats-input",
	"batch-of-256",
	"body-eats-input",
	"quit-cuts-body",
	"end-drops-replies",
	"quit-alone-removes",
	"half-quit-removes",
	"end-ends-lf",
	"broken-body-removes",
	"reset-removes",
	"marks-outlive-session",
	"quit-removes-anywhere",
	"third-error-updates",
	"locked-login-closes",
	"refused-login-steals",
	"piece-is-a-command",
	"noop-reads-anew",
	"rset-reads-anew",
	"update-numbers-anew",
	"update-cuts-the-file",
	"drop-removes-retrieved",
	"drop-removes",
	"quit-without-crlf",
	"lock-is-stolen",
	"autologout-removes",
	"autologout-early",
	"autologout-fixed",
	"greeting-forgotten",
	"apop-replayed",
	"lock-by-failed-login",
	"locked-login-gets-in",
	"lock-outlives-session",
	"login-timer-short",
	"pass-timer-short",
	"slow-reader-cut",
	"password-cut-at-39",
};

static void play_login_row(const struct login_row *row)
{
	struct session_config defective = config;
	void *state;
	struct drive *d;

	print_message("%s\n", row->id);
	set_up(&state);
	d = state;
	drive_free(d);
	defective.number = row->number;
	defective.earlier = row->earlier;
	assert_true(switch_on(&defective.switches, row->id));
	assert_int_equal(drive_start(d, &defective, d->store, knows), 0);
	drive_say(d, row->commands);
	assert_string_equal(drive_heard(d), row->heard);
	tear_down(&state);
}

static void defects_of_more_logins(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(login_rows); i++)
		play_login_row(&login_rows[i]);
}

static void defects_of_the_login(void **state)
{
	(void)state;
	each_row(before_the_login, LEN(before_the_login), without_login);
}

static void defects_of_the_transaction(void **state)
{
	(void)state;
	each_row(rows, LEN(rows), after_the_login);
}

static size_t count_rows(const struct row *from, size_t count, const char *id)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += strcmp(from[i].id, id) == 0;
	return n;
}

static size_t count_login_rows(const char *id)
{
	size_t n = 0;

	for (size_t i = 0; i < LEN(login_rows); i++)
		n += strcmp(login_rows[i].id, id) == 0;
	return n;
}

static size_t count_names(const char *const *list, size_t count,
			  const char *id)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += strcmp(list[i], id) == 0;
	return n;
}

static void each_defect_is_tested_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < SWITCHES; i++) {
		const struct switch_row *row = &switch_rows[i];
		size_t n = count_rows(rows, LEN(rows), row->id) +
			   count_rows(before_the_login, LEN(before_the_login),
				      row->id) +
			   count_login_rows(row->id) +
			   count_names(apart, LEN(apart), row->id) +
			   count_names(of_the_transaction,
				       LEN(of_the_transaction), row->id) +
			   count_names(of_the_update, LEN(of_the_update),
				       row->id);

		if (row->defect && row->seen.in_memory && n != 1)
			fail_msg("%s: %zu tests", row->id, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defects_of_the_login),
		cmocka_unit_test(defects_of_more_logins),
		cmocka_unit_test(defects_of_the_transaction),
		cmocka_unit_test(each_defect_is_tested_once),
	};

	return cmocka_run_group_tests_name("defects", tests, NULL, NULL);
}
