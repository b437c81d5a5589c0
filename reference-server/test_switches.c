/* SPDX-License-Identifier: MIT */
/* Each switch makes a difference in what is heard. */
#include "odd_mail.h"

#define CROWD "USER crowd\r\nPASS tanstaaf\r\n"
#define NOOPS_10                                                               \
	"NOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\n"                             \
	"NOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\nNOOP\r\n"
#define NOOPS_40 NOOPS_10 NOOPS_10 NOOPS_10 NOOPS_10

/* What is heard in all of these sessions tells one server from another. */
struct scene {
	const char *timestamp;
	const char *commands;
	uint64_t then_wait, then_again; /* ms, a NOOP between */
};

#define NAME_40 "nobody-has-a-name-of-forty-octets-like-1"
#define BAD_LOGIN "USER mrose\r\nPASS x\r\n"
#define ZEROES "00000000000000000000000000000000"
#define BAD_APOP "APOP mrose " ZEROES "\r\n"
#define DIGEST "c4c9334bac560ecc979e58001b3e22fb"

/* Numbered from 1 on; the digest is of TIMESTAMP. */
static const struct scene logins[] = {
	{ "<a@a>", "AUTH\r\n", 0, 0 },
	{ "<b@a>", "STLS\r\n", 0, 0 },
	{ "<c@a>", "STAT\r\nLIST 1\r\nstat\r\nUTF8\r\n", 0, 0 },
	{ "<d@a>", "USER a\r\nNOOP\r\nUSER a\r\nQUIT\r\n", 0, 0 },
	{ "<e@a>", "USER a\r\nUSER mrose\r\nPASS tanstaaf\r\n", 0, 0 },
	{ "<f@a>", "USER " NAME_40 "\r\nPASS x\r\n" LOGIN, 0, 0 },
	{ "<g@a>", "USER mrose\r\nPASS tanstaaf x\r\n", 0, 0 },
	{ "<i@a>", "USER mrose\r\nPASS tanstaa\r\nSTAT\r\n", 0, 0 },
	{ "<j@a>", "USER mrose\r\nPASS of-bob\r\nSTAT\r\n", 0, 0 },
	{ "<h@a>", "USER mrose\r\nPASS x\r\nPASS y\r\nQUIT\r\n", 0, 0 },
	{ "<i@a>", BAD_LOGIN BAD_LOGIN "STAT\r\n" LOGIN "STAT\r\n", 0, 0 },
	{ "<j@a>", BAD_LOGIN BAD_LOGIN BAD_LOGIN BAD_LOGIN, 0, 0 },
	{ "<k@a>", BAD_APOP "USER mrose\r\nQUIT\r\n", 0, 0 },
	{ "<l@a>", "APOP mrose 0\r\napop mrose " ZEROES "\r\n", 0, 0 },
	{ "<m@a>", "APOP mrose A\r\n", 0, 0 },
	{ TIMESTAMP, "APOP mrose " DIGEST "0\r\n", 0, 0 },
	{ TIMESTAMP, BAD_APOP "APOP mrose " DIGEST "\r\nSTAT\r\n", 0, 0 },
	{ TIMESTAMP, BAD_LOGIN "APOP mrose " DIGEST "\r\n", 0, 0 },
	{ TIMESTAMP, "APOP mrose c4c9334b\r\n", 0, 0 },
	{ TIMESTAMP, "APOP mrose C4C9334BAC560ECC979E58001B3E22FB\r\n", 0, 0 },
	{ "<n@a>", "APOP mrose " DIGEST "\r\n", 0, 0 },
	{ "<o@a>", LOGIN "PASS\r\nDELE 1\r\nPASS x\r\nSTAT\r\n", 0, 0 },
	{ "<p@a>", LOGIN "RSET\r\n", 0, 0 },
	{ "<q@a>", "USER mrose\r\n", 61000, 0 },
	{ "<r@a>", "", 121000, 0 },
	{ "<t@a>", "USER a\r\nSTAT\r\nPASS x\r\nUSER a\r\nAPOP a b c\r\n",
	  0, 0 },
	{ "<u@a>", "APOP nobody " ZEROES "\r\n", 0, 0 },
	{ "<s@a>", "USER gone\r\nPASS " NAME_40 "\r\n", 0, 0 },
};

/* As knows(), and a password of 40 octets. */
static bool knows_40(const struct credentials *c)
{
	return knows(c) ||
	       (slice_is(c->user, "gone") && slice_is(c->password, NAME_40));
}

static const struct scene scenes[] = {
	{ "<1@a>", "CAPA\r\nSTAT\r\nUSER\r\nUSER a\r\nUSER b\r\nQUIT\r\n", 0,
	  0 },
	{ "<2@a>", "PASS\r\nPASS x\r\nPASS tanstaaf\r\nFOO\r\n", 0, 0 },
	{ "<3@a>", "PASS x\r\nUSER mrose\r\nPASS x\r\nSTAT\r\n" LOGIN, 0, 0 },
	{ "<4@a>", "USER mrose\r\nPASS tanstaafx\r\n", 0, 0 },
	{ "<5@a>", "USER mrose\r\nCAPA\r\nPASS tanstaaf\r\nSTAT\r\n", 0, 0 },
	{ "<6@a>", "USER mrose\r\nUSER mrose\r\nPASS tanstaaf\r\n", 0, 0 },
	{ "<7@a>", "APOP mrose 00000000000000000000000000000000\r\nAPOP\r\n", 0,
	  0 },
	{ TIMESTAMP, "APOP mrose c4c9334bac560ecc979e58001b3e22fb\r\nSTAT\r\n",
	  0, 0 },
	{ "<9@a>", "USER gone\r\nPASS tanstaaf\r\nLIST\r\nSTAT\r\n", 0, 0 },
	{ "<10@a>",
	  LOGIN "LIST\r\nLIST 1\r\nLIST 9\r\nLIST 1x\r\nLIST "
		"4294967297\r\nLIST 01\r\n"
		"UIDL\r\nUIDL 1\r\nSTAT\r\nUSER x\r\nnoop\r\n",
	  0, 0 },
	{ "<11@a>",
	  LOGIN "RETR 1\r\nRETR 2\r\nRETR 3\r\nRETR 4\r\nRETR 5\r\n"
		"RETR 0\r\nSTAT\r\nNOOP\r\n",
	  0, 0 },
	{ "<21@a>", LOGIN "RETR 6\r\nTOP 3 99999\r\nRETR 7\r\n", 0, 0 },
	{ "<22@a>", LOGIN "TOP 7 0\r\nRETR 8\r\n", 0, 0 },
	{ "<29@a>", "UTF8\r\n" LOGIN "RETR 8\r\nUTF8\r\n", 0, 0 },
	{ "<30@a>", "LANG\r\nLANG de\r\nLANG x-a\r\n" LOGIN "LANG\r\n", 0,
	  0 },
	{ "<12@a>", LOGIN "TOP\r\n", 0, 0 },
	{ "<13@a>", LOGIN "TOP 1 0\r\nTOP 2 1\r\nTOP 2 99\r\nBAD\r\n", 0, 0 },
	{ "<14@a>",
	  LOGIN "DELE 1\r\nDELE 1\r\nRETR 1\r\nTOP 1 0\r\nLIST\r\n"
		"UIDL\r\nSTAT\r\nRETR 2\r\nBAD\r\nSTAT\r\nRSET\r\n"
		"STAT\r\n",
	  0, 0 },
	{ "<15@a>", LOGIN "DELE 1\r\nQUIT", 0, 0 },
	{ "<16@a>", LOGIN "DELE 1\r\n", 61000, 0 },
	{ "<17@a>", LOGIN "DELE 1\r\n", 590000, 590000 },
	{ "<18@a>", LOGIN "DELE 1\r\n", 600000, 0 },
	{ "<19@a>", LOGIN "DELE 2\r\nQUIT\r\nNOOP\r\n", 0, 0 },
	{ "<20@a>", LOGIN "UIDL\r\nQUIT\r\n", 0, 0 },
	{ "<21@a>",
	  LOGIN "LIST 65537\r\nLIST 2147483649\r\nLIST -1\r\nLIST 0x1\r\n"
		"LIST 010\r\nLIST x\r\nLIST 1 2\r\nSTAT 1\r\nNOOP x\r\n",
	  0, 0 },
	{ "<22@a>",
	  LOGIN "TOP 1 4294967297\r\nTOP 1 2147483648\r\n"
		"TOP 1 18446744073709551615\r\nTOP 1 1x\r\n",
	  0, 0 },
	{ "<23@a>",
	  LOGIN "DELE 1\r\nDELE 2\r\nNOOP\r\nSTAT\r\nLIST 3\r\nUIDL 3\r\n"
		"UIDL\r\nRSET\r\nSTAT\r\nDELE 1-2\r\nDELE 1 2\r\nSTAT\r\n"
		"BAD\r\nRSET\r\nSTAT\r\n",
	  0, 0 },
	{ "<24@a>",
	  CROWD "STAT\r\nLIST\r\nUIDL\r\nLIST 5\r\nLIST 10\r\nLIST 1000\r\n"
		"LIST 010\r\nTOP 1 0\r\nTOP 1 1\r\nTOP 2 1\r\nTOP 3 1\r\n"
		"TOP 4 1\r\nDELE 65\r\nDELE 66\r\nSTAT\r\nRSET\r\nSTAT\r\n",
	  0, 0 },
	{ "<28@a>",
	  LOGIN "DELE 1\r\nDELE 2\r\nDELE 3\r\nDELE 4\r\nDELE 5\r\n"
		"DELE 6\r\nDELE 7\r\nDELE 8\r\nRSET\r\n",
	  0, 0 },
	{ "<25@a>", "USER gone\r\nPASS tanstaaf\r\nRSET\r\nSTAT\r\n", 0,
	  0 },
	{ "<26@a>", CROWD NOOPS_40 NOOPS_40 NOOPS_40 "RETR 2\r\n", 0, 0 },
	{ "<31@a>", LOGIN "NOOP\nXYZZ\r\n", 0, 0 },
	{ "<27@a>", CROWD "UIDL 2\r\nRETR 2\r\nTOP 1 1\r\n", 0, 0 },
};

/* One octet a time, so that no output is a piece of its own. */
static void send_slowly(struct drive *d, const char *commands)
{
	for (; *commands && !d->closed; commands++)
		drive_send(d, slice_of(commands, 1));
}

static void play_scene(const struct scene *scene, uint64_t number,
		       const struct switches *switches,
		       struct maildrop_store *store, struct buf *heard)
{
	struct session_config own = config;
	struct drive d;

	own.timestamp = scene->timestamp;
	own.number = number;
	own.earlier = TIMESTAMP;
	own.switches = *switches;
	assert_int_equal(drive_start(&d, &own, store, knows_40), 0);
	drive_say(&d, scene->commands);
	if (scene->then_wait) {
		drive_wait(&d, scene->then_wait);
		drive_say(&d, "NOOP\r\n");
		drive_wait(&d, scene->then_again);
	}
	buf_printf(heard, "%sclosed %d, ", drive_heard(&d), d.closed);
	if (!d.closed)
		drive_end(&d);
	buf_printf(heard, "%sleft %zu, longest %zu\n", drive_heard(&d),
		   store_memory_count(store, "mrose"), d.largest);
	drive_free(&d);
}

static void play_two_clients(const struct switches *switches,
			     struct maildrop_store *store, struct buf *heard)
{
	struct session_config own = config;
	struct drive first, second;

	own.switches = *switches;
	assert_int_equal(drive_start(&first, &own, store, knows_40), 0);
	assert_int_equal(drive_start(&second, &own, store, knows_40), 0);
	drive_say(&first, BAD_LOGIN);
	drive_say(&second, LOGIN "QUIT\r\n");
	buf_printf(heard, "%s\n", drive_heard(&second));
	drive_free(&second);
	assert_int_equal(drive_start(&second, &own, store, knows_40), 0);
	drive_say(&first, LOGIN);
	drive_say(&second, LOGIN "STAT\r\n");
	drive_say(&first, "RETR 1\r\nQUIT\r\n");
	buf_printf(heard, "%s\n", drive_heard(&first));
	buf_printf(heard, "%s\n", drive_heard(&second));
	drive_free(&first);
	send_slowly(&second, "QUIT\r\n");
	buf_printf(heard, "%s\n", drive_heard(&second));
	drive_free(&second);
}

static void play_mail_coming(const struct switches *switches,
			     struct maildrop_store *store, struct buf *heard)
{
	struct session_config own = config;
	struct drive d;

	own.switches = *switches;
	assert_int_equal(drive_start(&d, &own, store, knows), 0);
	drive_say(&d, LOGIN "LIST\r\nDELE 1\r\nDELE 2\r\nDELE 3\r\n"
		  "DELE 4\r\nDELE 5\r\nDELE 6\r\n");
	store_memory_deliver(store, "mrose", slice_str("the last\n"));
	drive_say(&d, "NOOP\r\nSTAT\r\nQUIT\r\n");
	buf_printf(heard, "%s\n", drive_heard(&d));
	drive_free(&d);
	for (size_t i = 0; i < store_memory_count(store, "mrose"); i++)
		buf_add(heard, store_memory_octets(store, "mrose", i));
}

/* What QUIT leaves of a hundred messages, of which the first are marked. */
static void play_many_marks(const struct switches *switches,
			    struct maildrop_store *store, struct buf *heard)
{
	static const int marks[] = { 100, 97, 1 };
	struct session_config own = config;
	char line[24];
	struct drive d;

	own.switches = *switches;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		while (store_memory_count(store, "gone") < 100)
			store_memory_deliver(store, "gone", slice_str("a\n"));
		assert_int_equal(drive_start(&d, &own, store, knows), 0);
		drive_say(&d, "USER gone\r\nPASS tanstaaf\r\nUIDL 1\r\n");
		for (int n = 1; n <= marks[i]; n++) {
			snprintf(line, sizeof(line), "DELE %d\r\n", n);
			drive_say(&d, line);
		}
		drive_say(&d, "QUIT\r\n");
		buf_printf(heard, "%s, left %zu\n", drive_heard(&d),
			   store_memory_count(store, "gone"));
		drive_free(&d);
	}
}

#define PIECE(octets) { octets, sizeof(octets) - 1 }

/* Octets that are no text, in segments. */
static void play_odd_octets(const struct switches *switches,
			    struct maildrop_store *store, struct buf *heard)
{
	static const struct slice pieces[] = {
		PIECE("USER mrose\r\nPA"),
		PIECE("SS tanstaaf\r\n"),
		PIECE("NOOP\r"),
		PIECE("\nSTAT\r\nNOOP\r"),
		PIECE("\nNOOP\nNOOP\rNOOP\r\n"),
		PIECE("NOOP\0x\r\nNO\001OP\r\nNO\xcfP\r\n"),
		PIECE("capa\r\ntop 1 0\r\nuidl 1\r\nNOOPX\r\nLIST  1\r\n"),
		PIECE("\r\n"),
		PIECE("apop\r\n"),
		PIECE("~\r\n"),
	};
	struct session_config own = config;
	struct drive d;

	own.switches = *switches;
	assert_int_equal(drive_start(&d, &own, store, knows), 0);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		drive_send(&d, pieces[i]);
	buf_printf(heard, "%s\n", drive_heard(&d));
	drive_free(&d);
}

/* A session that is fed, not heard, and then ended. */
static void end_within_body(const struct switches *switches,
			    struct maildrop_store *store, struct buf *heard)
{
	struct session_config own = config;
	struct drive d;

	own.switches = *switches;
	assert_int_equal(drive_start(&d, &own, store, knows), 0);
	drive_say(&d, LOGIN "DELE 1\r\n");
	session_feed(d.session, slice_str("RETR 2\r\n"));
	buf_printf(heard, "%zu taken, ",
		   session_feed(d.session, slice_str("QUIT\r\n")));
	session_end_of_input(d.session);
	drive_say(&d, "");
	buf_printf(heard, "%s, left %zu\n", drive_heard(&d),
		   store_memory_count(store, "mrose"));
	drive_free(&d);
}

/* Long lines, batches, and ends that are none. */
static void play_ends(const struct switches *switches,
		      struct maildrop_store *store, struct buf *heard)
{
	static const char *const sessions[] = {
		"USER mrose\r\nPASS tanstaaf\r\nSTAT\r\nDELE 1\r\nQUI",
		LOGIN "DELE 1\r\nQUIT\n",
		"USER mrose\r\nQUIT\r\n",
		LOGIN "STAT\r\nQUIT now\r\n",
		LOGIN "DELE 1\r\nBAD\r\nBAD\r\nNOOP\r\nBAD\r\n",
		LOGIN "DELE 1\r\nQUIT\r\nNOOP\r\n",
	};
	struct session_config own = config;
	struct buf b = { 0 };
	struct drive d;

	own.switches = *switches;
	for (size_t i = 0; i < sizeof(sessions) / sizeof(sessions[0]); i++) {
		assert_int_equal(drive_start(&d, &own, store, knows), 0);
		drive_say(&d, sessions[i]);
		drive_end(&d);
		buf_printf(heard, "%s, left %zu\n", drive_heard(&d),
			   store_memory_count(store, "mrose"));
		drive_free(&d);
	}
	buf_add_str(&b, "USER ");
	for (int i = 0; i < 248; i++)
		buf_add_char(&b, 'x');
	buf_add_str(&b, "\r\n" LOGIN);
	for (int i = 0; i < 512; i++)
		buf_add_char(&b, 'x');
	for (int i = 0; i < 300; i++)
		buf_add_str(&b, "NOOP\r\n");
	assert_int_equal(drive_start(&d, &own, store, knows), 0);
	drive_send(&d, buf_slice(&b));
	buf_printf(heard, "%s\n", drive_heard(&d));
	drive_free(&d);
	buf_free(&b);
	end_within_body(switches, store, heard);
}

static void play_slow_reader(const struct switches *switches,
			     struct maildrop_store *store, struct buf *heard)
{
	struct session_config own = config;
	struct drive d;

	own.switches = *switches;
	assert_int_equal(drive_start(&d, &own, store, knows_40), 0);
	drive_say(&d, LOGIN);
	d.window = 0;
	drive_say(&d, "RETR 1\r\n");
	drive_wait(&d, 61000);
	buf_printf(heard, "closed %d\n", d.closed);
	drive_free(&d);
}

static void play_all(const struct switches *switches, struct buf *heard)
{
	struct maildrop_store *store = store_memory_new(switches);

	assert_non_null(store);
	store_memory_add_user(store, "gone");
	store_memory_deliver(store, "mrose", slice_str(FIRST));
	store_memory_deliver(store, "mrose", slice_str(SECOND));
	deliver_stops(store);
	deliver_long_line(store);
	deliver_crowd(store);
	store_memory_deliver(store, "mrose", slice_str(FIRST));
	deliver_open_line(store);
	store_memory_deliver(store, "mrose", slice_of("a\rb\0c\n", 6));
	store_memory_deliver(store, "mrose", slice_str("Subject: \xc3\xa4\n"));
	for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++)
		play_scene(&scenes[i], 0, switches, store, heard);
	for (size_t i = 0; i < sizeof(logins) / sizeof(logins[0]); i++)
		play_scene(&logins[i], i + 1, switches, store, heard);
	play_two_clients(switches, store, heard);
	play_slow_reader(switches, store, heard);
	play_ends(switches, store, heard);
	play_odd_octets(switches, store, heard);
	play_mail_coming(switches, store, heard);
	play_many_marks(switches, store, heard);
	assert_false(heard->failed);
	store->free(store);
}

static void each_switch_makes_a_difference(void **state)
{
	struct switches switches = { 0 };
	struct buf right = { 0 };

	(void)state;
	play_all(&switches, &right);
	for (size_t i = 0; i < SWITCHES; i++) {
		struct buf heard = { 0 };

		switches = (struct switches){ 0 };
		assert_true(switch_on(&switches, switch_rows[i].id));
		assert_true(switch_is_on(&switches, (enum switch_name)i));
		play_all(&switches, &heard);
		if (switch_rows[i].seen.in_memory &&
		    slice_equal(buf_slice(&heard), buf_slice(&right)))
			fail_msg("%s is not to be seen", switch_rows[i].id);
		buf_free(&heard);
	}
	buf_free(&right);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_switch_makes_a_difference),
	};

	return cmocka_run_group_tests_name("switches", tests, NULL, NULL);
}
