/* SPDX-License-Identifier: MIT */
/*
 * What a server says that goes wrong at the login: rows of test_defects.c. A
 * row that another connection or time is needed for is in test_defects_apart.c.
 */
#ifndef POP3_DEFECTS_LOGIN_H
#define POP3_DEFECTS_LOGIN_H

#include "defective.h"

#define SEND "+OK send your password\r\n"
#define WRONG "-ERR [AUTH] invalid user name or password\r\n"
#define DENIED "-ERR [AUTH] permission denied\r\n"
#define IN "+OK mrose's maildrop has 2 messages (320 octets)\r\n"
#define TOO_EARLY(name) "-ERR " name " comes after the login\r\n"
#define FAILED_PASS "USER mrose\r\nPASS x\r\n"
#define FAILED_APOP "APOP mrose 00000000000000000000000000000000\r\n"
#define RIGHT_APOP "APOP mrose c4c9334bac560ecc979e58001b3e22fb\r\n"
#define SIGNING_OFF "+OK dewey POP3 server signing off "
#define FORTY "nobody-has-a-name-of-forty-octets-like-1"

static const struct row before_the_login[] = {
	{ "greeting-of-two-lines", "", "+OK one moment, please\r\n" READY,
	  NULL },
	{ "timestamp-twice", "",
	  "+OK POP3 server ready " TIMESTAMP TIMESTAMP "\r\n", NULL },
	{ "timestamp-without-left", "",
	  "+OK POP3 server ready <@dbc.mtview.ca.us>\r\n", NULL },
	{ "timestamp-without-domain", "",
	  "+OK POP3 server ready <1896.697170952>\r\n", NULL },
	{ "apop-case",
	  "apop mrose c4c9334bac560ecc979e58001b3e22fb\r\nAPOP\r\n",
	  READY "-ERR unknown command\r\n-ERR APOP needs two arguments\r\n",
	  NULL },
	{ "user-without-name", "USER\r\n", READY "+OK send your password\r\n",
	  NULL },
	{ "pass-without-argument", "USER mrose\r\nPASS\r\nNOOP\r\n",
	  READY "+OK send your password\r\n", NULL },
	{ "pass-without-user", "PASS x\r\nSTAT\r\n",
	  READY "+OK noted\r\n-ERR STAT comes after the login\r\n", NULL },
	{ "login-stays-outside", LOGIN "STAT\r\n" LOGIN,
	  READY LOGGED_IN "-ERR STAT comes after the login\r\n" LOGGED_IN,
	  NULL },
	{ "password-as-far", "USER mrose\r\nPASS tanstaa\r\n",
	  READY LOGGED_IN, NULL },
	{ "password-of-any", "USER mrose\r\nPASS of-bob\r\n",
	  READY LOGGED_IN, NULL },
	{ "password-prefix",
	  "USER mrose\r\nPASS x\r\nUSER mrose\r\nPASS tanstaafxyz\r\n",
	  READY "+OK send your password\r\n"
		"-ERR [AUTH] invalid user name or password\r\n" LOGGED_IN,
	  NULL },
	{ "failed-login-gets-in", "USER x\r\nPASS y\r\nSTAT\r\nQUIT\r\n",
	  READY "+OK send your password\r\n"
		"+OK x's maildrop has 0 messages (0 octets)\r\n+OK 0 0\r\n"
		"+OK dewey POP3 server signing off\r\n",
	  NULL },
	{ "no-second-try", "USER x\r\nPASS y\r\n" LOGIN,
	  READY "+OK send your password\r\n"
		"-ERR [AUTH] invalid user name or password\r\n"
		"+OK send your password\r\n"
		"-ERR [AUTH] invalid user name or password\r\n",
	  NULL },
	{ "apop-without-digest", "APOP mrose\r\nNOOP\r\n", READY, NULL },
	{ "apop-any-digest", "APOP mrose 00000000000000000000000000000000\r\n",
	  READY "+OK mrose's maildrop has 2 messages (320 octets)\r\n", NULL },
	{ "apop-without-brackets",
	  "APOP mrose c4c9334bac560ecc979e58001b3e22fb\r\n",
	  READY "-ERR [AUTH] permission denied\r\n", NULL },
	{ "quit-refused", "QUIT\r\n" LOGIN "QUIT\r\n",
	  READY "-ERR QUIT comes after the login\r\n" LOGGED_IN SIGNING_OFF
		"(2 messages left)\r\n",
	  NULL },
	{ "stat-before-login", "STAT\r\nLIST\r\n",
	  READY "+OK 0 0\r\n-ERR LIST comes after the login\r\n", NULL },
};

/* What the number of the connection or its predecessor may matter to. */
static const struct login_row {
	const char *id;
	const char *commands;
	const char *heard; /* READY first */
	unsigned number;   /* of the connection */
	const char *earlier; /* timestamp */
} login_rows[] = {
	{ .id = "session-used-again",
	  .number = 3,
	  .commands = "STAT\r\nUSER mrose\r\n",
	  .heard = READY "+OK 0 0\r\n-ERR USER comes before the login\r\n" },
	{ .id = "timestamp-missing",
	  .number = 3,
	  .commands = RIGHT_APOP,
	  .heard = "+OK POP3 server ready\r\n-ERR unknown command\r\n" },
	{ .id = "timestamps-in-pairs",
	  .number = 2,
	  .earlier = "<1@dewey>",
	  .commands = "",
	  .heard = "+OK POP3 server ready <1@dewey>\r\n" },
	{ .id = "name-of-40",
	  .commands = "USER " FORTY "\r\nUSER mrose\r\n",
	  .heard = READY "-ERR name too long\r\n" SEND SEND },
	{ .id = "second-user-ignored",
	  .commands = "USER x\r\nUSER mrose\r\nPASS tanstaaf\r\n" LOGIN,
	  .heard = READY SEND SEND WRONG SEND IN },
	{ .id = "failed-name-stays",
	  .commands = "USER x\r\nPASS y\r\n" LOGIN,
	  .heard = READY SEND WRONG SEND WRONG },
	{ .id = "no-third-try",
	  .commands = FAILED_PASS FAILED_PASS LOGIN,
	  .heard = READY SEND WRONG SEND WRONG SEND WRONG },
	{ .id = "fourth-try-gets-in",
	  .commands = FAILED_PASS FAILED_PASS FAILED_PASS FAILED_PASS,
	  .heard = READY SEND WRONG SEND WRONG SEND WRONG SEND IN },
	{ .id = "two-failures-let-in",
	  .commands = FAILED_PASS "STAT\r\n" FAILED_PASS "STAT\r\n",
	  .heard =
		  READY SEND WRONG TOO_EARLY("STAT") SEND WRONG "+OK 0 0\r\n" },
	{ .id = "second-try-is-empty",
	  .commands = FAILED_PASS LOGIN "STAT\r\n",
	  .heard = READY SEND WRONG SEND
	  "+OK mrose's maildrop has 0 messages (0 octets)\r\n"
	  "+OK 0 0\r\n" },
	{ .id = "pass-again-gets-in",
	  .commands = FAILED_PASS "PASS y\r\n",
	  .heard = READY SEND WRONG IN },
	{ .id = "unknown-name-told",
	  .commands = "USER x\r\nPASS y\r\n" FAILED_PASS LOGIN,
	  .heard = READY SEND "-ERR [AUTH] no mailbox of that name\r\n" SEND
			      "-ERR [AUTH] wrong password\r\n" SEND IN },
	{ .id = "apop-once",
	  .commands = FAILED_APOP RIGHT_APOP LOGIN,
	  .heard = READY DENIED DENIED SEND IN },
	{ .id = "apop-behind-pass",
	  .commands = FAILED_PASS RIGHT_APOP LOGIN,
	  .heard = READY SEND WRONG DENIED SEND IN },
	{ .id = "user-behind-apop",
	  .commands = FAILED_APOP "USER mrose\r\n",
	  .heard = READY DENIED "-ERR one name is enough\r\n" },
	{ .id = "apop-short-digest",
	  .commands = "APOP mrose 0\r\n",
	  .heard = READY IN },
	{ .id = "apop-digest-as-far",
	  .commands = "APOP mrose c4c9334c\r\nAPOP mrose c4c9334b\r\n",
	  .heard = READY DENIED IN },
	{ .id = "apop-tail-ignored",
	  .commands = "APOP mrose c4c9334bac560ecc979e58001b3e22fb0\r\n",
	  .heard = READY IN },
	{ .id = "apop-capitals-close",
	  .commands = "APOP mrose A\r\nNOOP\r\n",
	  .heard = READY },
	{ .id = "apop-in-lower-case",
	  .commands =
		  FAILED_APOP "apop mrose 00000000000000000000000000000000\r\n",
	  .heard = READY DENIED IN },
	{ .id = "apop-other-maildrop",
	  .commands = RIGHT_APOP "STAT\r\n",
	  .heard = READY "+OK mrose's maildrop has 0 messages (0 octets)\r\n"
			 "+OK 0 0\r\n" },
	{ .id = "quit-behind-user",
	  .commands = "USER x\r\nQUIT\r\nQUIT\r\n",
	  .heard = READY SEND "-ERR PASS or APOP is expected\r\n"
			      "+OK dewey POP3 server signing off\r\n" },
	{ .id = "quit-behind-failure",
	  .commands = FAILED_PASS "QUIT\r\n",
	  .heard = READY SEND WRONG },
	{ .id = "quit-behind-apop",
	  .commands = FAILED_APOP "QUIT\r\nNOOP\r\n",
	  .heard = READY DENIED
	  "-ERR PASS or APOP is expected\r\n" TOO_EARLY("NOOP") },
	{ .id = "auth-closes",
	  .commands = "AUTH x\r\nNOOP\r\n",
	  .heard = READY },
	{ .id = "stls-closes", .commands = "STLS\r\nNOOP\r\n", .heard = READY },
	{ .id = "utf8-ignored",
	  .commands = "UTF8\r\nNOOP\r\n",
	  .heard = READY TOO_EARLY("NOOP") },
	{ .id = "list-one-before-login",
	  .commands = "LIST\r\nLIST 1\r\n",
	  .heard = READY TOO_EARLY("LIST") "+OK 1 0\r\n" },
	{ .id = "noop-behind-user",
	  .commands = "NOOP\r\nUSER x\r\nNOOP\r\n",
	  .heard = READY TOO_EARLY("NOOP") SEND "+OK\r\n" },
	{ .id = "lower-case-in-any-state",
	  .commands = "STAT\r\nstat\r\n",
	  .heard = READY TOO_EARLY("STAT") "+OK 0 0\r\n" },
	{ .id = "user-lets-in",
	  .commands = "STAT\r\nUSER x\r\nSTAT\r\n",
	  .heard = READY TOO_EARLY("STAT") SEND "+OK 0 0\r\n" },
	{ .id = "parted-user",
	  .commands = "USER mrose\r\nNOOP\r\nPASS tanstaaf\r\nUSER a\r\n",
	  .heard = READY SEND TOO_EARLY("NOOP") "-ERR send USER first\r\n"
						"-ERR one name is enough\r\n" },
	{ .id = "apop-unknown-name",
	  .commands = FAILED_APOP
	  "APOP x 00000000000000000000000000000000\r\nSTAT\r\n",
	  .heard = READY "-ERR [AUTH] wrong password\r\n"
			 "+OK x's maildrop has 0 messages (0 octets)\r\n"
			 "+OK 0 0\r\n" },
	{ .id = "apop-third-argument",
	  .commands = "APOP a b c\r\nNOOP\r\n",
	  .heard = READY },
	{ .id = "pass-alone-in-transaction",
	  .commands = LOGIN "PASS x\r\nPASS\r\n",
	  .heard = READY SEND IN "-ERR PASS comes before the login\r\n"
				 "+OK you are in already\r\n" },
	{ .id = "refused-pass-unmarks",
	  .commands = LOGIN "DELE 1\r\nPASS x\r\nSTAT\r\n",
	  .heard = READY SEND IN
	  "+OK message 1 deleted\r\n"
	  "-ERR PASS comes before the login\r\n+OK 2 320\r\n" },
	{ .id = "rset-missing",
	  .commands = LOGIN "RSET\r\n",
	  .heard = READY SEND IN "-ERR unknown command\r\n" },
	{ .id = "password-cut-at-space",
	  .commands = "USER mrose\r\nPASS tanstaaf x\r\n",
	  .heard = READY SEND IN },
	{ .id = "password-space-closes",
	  .commands = "USER mrose\r\nPASS a b\r\n",
	  .heard = READY SEND },
};

#endif
