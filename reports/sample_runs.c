/* SPDX-License-Identifier: MIT */
/* The runs that the golden files tell of. */
#include "samples.h"

/* Verdicts own their strings; those here live in the program and are lent. */
#define S(text) ((char *)(text))
#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

#define LINK(rfc, section)                                                     \
	S("https://www.rfc-editor.org/rfc/rfc" rfc ".html#section-" section)
#define JUDGED_OVER(over, id, rule)                                            \
	.scenario = S(id), .revision = 1, .transport = S(over), .count = 1,    \
	.file = S("scenarios/" id ".json"), .title = S(rule),                  \
	.level = S("MUST")
#define JUDGED(id, rule) JUDGED_OVER("clear", id, rule)
#define ABOUT(rfc, section, topic, number)                                     \
	.requirement = S("RFC" rfc "-" section "-" topic "-" number),          \
	.clause = S("RFC " rfc " section " section ", " topic),                \
	.link = LINK(rfc, section)
#define PASSED(id, topic, number, time)                                        \
	{                                                                      \
		JUDGED(id, topic " works"),                                    \
			ABOUT("1939", "5", topic, number),                     \
			.outcome = OUTCOME_PASS, .confirmed = true,            \
			.seconds = time                                        \
	}
#define NOT_PLAYED(id, topic, number, what, reason)                            \
	{                                                                      \
		JUDGED(id, topic " works"),                                    \
			ABOUT("1939", "7", topic, number),                     \
			.outcome = what, .label = S(reason)                    \
	}

#define RUN(whose)                                                             \
	{                                                                      \
		.tool = "0.1.0", .edition = "2026.1",                          \
		.registered = "sha256:9f86d081884c7d659a2feaa0c55ad015",       \
		.target = "127.0.0.1:1110",                                    \
		.started = "2026-03-01T12:00:00Z", .split = "none",            \
		.seed = 7, .scenarios = 48, .requirements = 390,               \
		.look_only = whose, .fail_on = "should",                       \
		.replay = "pop3spec run mail.json --only"                      \
	}

static struct verdict clean[] = {
	PASSED("update/quit-closes", "QUIT", "01", 0.011),
	PASSED("transaction/noop", "NOOP", "01", 0.01),
	PASSED("transaction/stat-counts", "STAT", "01", 0.2),
	NOT_PLAYED("authorization/apop-digest", "APOP", "04", OUTCOME_SKIP,
		   "no timestamp in the greeting"),
	NOT_PLAYED("authorization/apop-wrong-digest", "APOP", "06",
		   OUTCOME_SKIP, "no timestamp in the greeting"),
	NOT_PLAYED("timeouts/autologout", "TIME", "01", OUTCOME_SKIP,
		   "needs waiting: --slow"),
};

struct sample sample_clean = {
	.name = "clean",
	.run = RUN(false),
	.verdicts = clean,
	.count = LENGTH(clean),
	.summary = {
		.count = { [OUTCOME_PASS] = 3, [OUTCOME_SKIP] = 3 },
		.judged = 212, .skipped = 61, .not_covered = 117,
		.requirements = 390,
		.seconds = 0.25, .longest = "transaction/stat-counts",
		.longest_seconds = 0.2,
		.octets_sent = 412, .octets_received = 1048576,
		.round_trips = 1234, .interrupted = "",
	},
};

static struct exchange rset[] = {
	{ '*', 1, 0, S("connects"), 0, 0 },
	{ 'S', 1, 2, S("+OK POP3 server ready"), 23, 0 },
	{ 'C', 1, 2, S("USER alice"), 12, 0 },
	{ 'S', 1, 3, S("+OK"), 5, 0 },
	{ 'C', 1, 3, S("PASS {password}"), 14, 0 },
	{ 'S', 1, 2013, S("+OK"), 5, 0 },
	{ 'C', 1, 2013, S("DELE 1"), 8, 0 },
	{ 'S', 1, 2014, S("+OK"), 5, 0 },
	{ 'C', 1, 2014, S("RSET"), 6, 0 },
	{ 'S', 1, 2015, S("+OK"), 5, 0 },
	{ 'C', 1, 2015, S("STAT"), 6, 0 },
	{ 'S', 1, 2016, S("+OK 2 240"), 11, 0 },
};

static struct exchange lost[] = {
	{ 'C', 1, 0, S("NOOP"), 6, 0 },
	{ 'C', 2, 1, S("STAT"), 6, 0 },
	{ 'S', 2, 2, S("+OK 3 360"), 11, 0 },
	{ '*', 1, 30000, S("the server closes"), 0, 0 },
};

static struct exchange twice[] = {
	{ 'C', 1, 4, S("NOOP"), 6, 1 },
	{ 'C', 1, 4, S("NOOP"), 6, 1 },
	{ 'S', 1, 5, S("+OK"), 5, 1 },
	{ '*', 1, 30005, S("nothing came for 30 s"), 0, 1 },
	{ 'C', 1, 3, S("NOOP"), 6, 2 },
	{ 'C', 1, 3, S("NOOP"), 6, 2 },
	{ 'S', 1, 4, S("+OK"), 5, 2 },
	{ 'S', 1, 2004, S("+OK"), 5, 2 },
};

static struct exchange witnesses[] = {
	{ '*', 1, 0, S("transaction/stat-counts /dialogue/1, as reply to STAT"),
	  0, 0 },
	{ 'S', 1, 0, S("+OK 2 320{LF}"), 0, 0 },
	{ '*', 1, 0, S("(sanity), the greeting"), 0, 0 },
	{ 'S', 1, 0, S("+OK POP3 server ready{LF}"), 0, 0 },
};

static char sanitizer[] =
	"=4=ERROR: AddressSanitizer: heap-buffer-overflow on address 0x60e0{LF}"
	"WRITE of size 1 at 0x60e0 thread T0{LF}"
	"    #0 0x401 in keep argument.c:73{CRLF}"
	"    #1 0x402 in take {{LF} command.c:31{LF}"
	"{LF}{LF}4{LF}"
	"5{LF}6{LF}7{LF}8{LF}9{LF}10{LF}11{LF}12{LF}13{LF}14{LF}"
	"  Freed heap region:       fd{LF}"
	"  {0x1B}[1mShadow gap{0x1B}[0m{LF}"
	"=4=ABORTING{LF}";

static struct verdict breaches[] = {
	PASSED("transaction/noop", "NOOP", "01", 0.01),
	{
		JUDGED("update/rset-unmarks",
		       "RSET unmarks every message that DELE marked"),
		ABOUT("1939", "5", "RSET", "01"),
		.statement = S("Messages that the client marked as deleted are "
			       "unmarked by RSET, every one of them, and the "
			       "server answers with a positive reply."),
		.also = S("RFC1939-5-RSET-02 RFC1939-5-RSET-04"),
		.unseen = S("RFC1939-5-RSET-03"),
		.ruling = S("C10"), .outcome = OUTCOME_FAIL, .confirmed = true,
		.label = S("some marks stay"),
		.cause = S("STAT is answered with +OK"), .step = S("/dialogue/7"),
		.expected = S("+OK 3 {total}..."), .actual = S("+OK 2 240"),
		.seconds = 2.016, .transcript = rset,
		.exchanges = LENGTH(rset),
	},
	{
		JUDGED("concurrency/second-login",
		       "A second login is refused or served, not dropped"),
		ABOUT("1939", "4", "LOCK", "01"), .outcome = OUTCOME_LOST,
		.step = S("/dialogue/3"), .expected = S("+OK"),
		.actual = S("the server closes"), .seconds = 30.5,
		.transcript = lost, .exchanges = LENGTH(lost),
	},
	{
		JUDGED_OVER("stls", "tls/stls-injection",
			    "What came before TLS is never answered in TLS"),
		ABOUT("2595", "4", "STLS", "05"),
		.outcome = OUTCOME_SECURITY, .confirmed = true,
		.label = S("injected CAPA answered inside TLS"),
		.seconds = 1,
	},
	{
		JUDGED("limits/long-command",
		       "A command of 600 octets is answered or refused"),
		ABOUT("2449", "4", "LEN", "02"),
		.outcome = OUTCOME_CRASH, .step = S("/dialogue/1"),
		.label = S("the server does not answer any more: exit status "
			   "1, and a sanitizer spoke in the server"),
		.log = sanitizer, .seconds = 1,
	},
	{
		JUDGED("pipelining/batch",
		       "Three commands in one segment get three replies"),
		ABOUT("2449", "6.6", "PIPE", "01"),
		.outcome = OUTCOME_FLAKY, .expected = S("3 replies"),
		.actual = S("2 replies"), .seconds = 1,
		.transcript = twice, .exchanges = LENGTH(twice),
	},
	{
		.scenario = S("universal/RFC1939-3-RESP-04"), .revision = 1,
		.transport = S("clear"), .title = S("Every line ends in CRLF"),
		ABOUT("1939", "3", "RESP", "04"), .level = S("implied"),
		.statement = S("Every line ends in CRLF"),
		.outcome = OUTCOME_WARN,
		.expected = S("no reply of the run breaks this"),
		.actual = S("first line ended by LF alone in 14 of 20 "
			    "replies: +OK 2 320{LF}"),
		.count = 14, .transcript = witnesses,
		.exchanges = LENGTH(witnesses),
	},
	{
		JUDGED("timeouts/autologout",
		       "The server ends a session that was idle for long"),
		ABOUT("1939", "3", "TIME", "01"),
		.outcome = OUTCOME_INFO, .confirmed = true,
		.label = S("no timer"), .seconds = 1800,
	},
	{
		JUDGED("transaction/uidl-one",
		       "UIDL with a number names one message"),
		ABOUT("1939", "7", "UIDL", "02"),
		.outcome = OUTCOME_BLOCKED, .step = S("/given/0"),
		.label = S("RFC1939-7-UIDL-01 does not hold"),
		.blocked_by = S("RFC1939-7-UIDL-01"),
		.expected = S("+OK"), .actual = S("-ERR unknown command"),
	},
	{
		JUDGED("framing/long-lines",
		       "A line of any length arrives whole"),
		ABOUT("1939", "3", "RESP", "02"),
		.outcome = OUTCOME_ERROR,
		.label = S("the maildrop could not be filled: "
			   "permission denied"),
	},
	NOT_PLAYED("update/quit-closes", "QUIT", "02", OUTCOME_NOTRUN,
		   "--max-time"),
	NOT_PLAYED("authorization/apop-digest", "APOP", "04", OUTCOME_SKIP,
		   "no timestamp in the greeting"),
};

struct sample sample_breaches = {
	.name = "breaches",
	.run = RUN(true),
	.verdicts = breaches,
	.count = LENGTH(breaches),
	.summary = {
		.count = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
		.judged = 8, .skipped = 4, .not_covered = 378,
		.requirements = 390,
		.seconds = 1812.25, .longest = "timeouts/autologout",
		.longest_seconds = 1800,
		.octets_sent = 999, .octets_received = 1000,
		.round_trips = 1001, .exit_code = 1, .look_only = true,
		.interrupted = "--max-time was reached",
	},
};

#define BODY_OF_RETR(id, topic, number, rule, got, dialogue)                   \
	{                                                                      \
		JUDGED(id, rule), ABOUT("1939", "3", topic, number),           \
			.outcome = OUTCOME_FAIL, .confirmed = true,            \
			.cause = S("What RETR sends"), .step = S("/dialogue/1"), \
			.expected = S("+OK, then message a octet by octet"),   \
			.actual = S(got), .transcript = dialogue,              \
			.exchanges = LENGTH(dialogue)                          \
	}
#define BLOCKED_BY(id, by)                                                     \
	{                                                                      \
		JUDGED(id, "Something behind it"),                             \
			ABOUT("1939", "5", "STAT", "01"),                      \
			.outcome = OUTCOME_BLOCKED, .step = S("/given/0"),     \
			.label = S("a given does not hold (" by " judges it)"), \
			.blocked_by = S(by)                                    \
	}

static struct exchange dots[] = {
	{ 'C', 1, 0, S("RETR 1"), 8, 0 },
	{ 'S', 1, 1, S("+OK"), 5, 0 },
	{ 'S', 1, 1, S("two"), 5, 0 },
	{ 'S', 1, 1, S("."), 1, 0 },
};

/* What one fault does to many scenarios. */
static struct verdict alike[] = {
	BODY_OF_RETR("transaction/sizes-agree", "LIST", "09",
		     "Sizes are exact", "+OK (the body has 5 octets)", dots),
	BODY_OF_RETR("framing/retr-dots", "ML", "04",
		     "A line that begins with a full stop is stuffed",
		     "+OK (the body is not message a)", rset),
	BLOCKED_BY("transaction/uidl-persists", "RFC1939-3-ML-04"),
	BLOCKED_BY("update/quit-closes", "RFC1939-6-QUIT-04"),
	BLOCKED_BY("update/drop-removes-nothing", "RFC1939-3-ML-04"),
	BODY_OF_RETR("framing/dot-first", "ML", "04",
		     "A full stop that comes first is stuffed",
		     "+OK (the body is not message a)", dots),
	{
		JUDGED("transaction/noop", "NOOP does nothing"),
		ABOUT("1939", "5", "NOOP", "01"), .outcome = OUTCOME_FAIL,
		.confirmed = true, .cause = S("NOOP is answered with -ERR"),
		.step = S("/dialogue/1"), .expected = S("+OK"),
		.actual = S("-ERR no"),
	},
};

struct sample sample_alike = {
	.name = "alike",
	.run = RUN(false),
	.verdicts = alike,
	.count = LENGTH(alike),
	.summary = {
		.count = { [OUTCOME_FAIL] = 4, [OUTCOME_BLOCKED] = 3 },
		.judged = 3, .skipped = 1, .not_covered = 386,
		.requirements = 390, .seconds = 0.5, .longest = "",
		.exit_code = 1, .interrupted = "",
	},
};

#define ESCAPE "\033[2J\033]0;owned\007"

static char flood[5000];
static struct exchange lines[40];

static struct verdict hostile[] = {
	{ .outcome = OUTCOME_FAIL },
	{
		.scenario = S("update/" ESCAPE), .transport = S("\xff\xfe"),
		.requirement = S("RFC1939\r\n-5"), .title = S(ESCAPE),
		.clause = S("a\tb"), .statement = S("\xc3\x28 \xe2\x82"),
		.outcome = OUTCOME_FAIL, .label = S("\x9b" "31m"),
		.step = S("\x7f"), .expected = flood, .actual = flood,
		.log = flood, .count = 4294967295u, .seconds = -1, .transcript = lines,
		.exchanges = LENGTH(lines),
	},
	{ .outcome = OUTCOME_SKIP, .label = S("because\n" ESCAPE) },
	{ .outcome = OUTCOME_PASS, .scenario = S(ESCAPE "/x") },
};

struct sample sample_hostile = {
	.name = "hostile",
	.run = { .target = "evil\033[31m", .seed = 9007199254740991 },
	.verdicts = hostile,
	.count = LENGTH(hostile),
	.summary = {
		.count = { [OUTCOME_PASS] = 1, [OUTCOME_FAIL] = 2,
			   [OUTCOME_SKIP] = 1 },
		.longest = ESCAPE, .interrupted = "cut\nhere",
		.exit_code = 1,
	},
};

/* What is too dull to write down: a long line, and many. */
__attribute__((constructor)) static void fill(void)
{
	char *tail = flood + sizeof(flood) - 300;

	for (size_t i = 0; i + 1 < sizeof(flood); i++)
		flood[i] = "abc "[i % 4];
	for (size_t i = 0; i < LENGTH(lines); i++)
		lines[i] = (struct exchange){ i % 2 ? 'S' : '\x1b', 1, i,
					      i % 2 ? tail : S("\x1b"), 1,
					      (unsigned)i };
}

struct sample *const samples[] = { &sample_clean, &sample_breaches,
				   &sample_alike, &sample_hostile, NULL };
