/* SPDX-License-Identifier: MIT */
#include "verbs.h"

#include <string.h>

#define REST_OF_LINE SIZE_MAX /* one argument, spaces and all */
#define BOTH (AUTHORIZATION | TRANSACTION)

static const struct verb verbs[] = {
	/* name, states, arguments, handler, capability */
	{ "USER", AUTHORIZATION, 1, 1, verb_user, "USER" },
	{ "PASS", AUTHORIZATION, 1, REST_OF_LINE, verb_pass, NULL },
	{ "APOP", AUTHORIZATION, 2, 2, verb_apop, NULL },
	{ "STLS", AUTHORIZATION, 0, 0, verb_stls, "STLS" },
	{ "AUTH", AUTHORIZATION, 1, 2, verb_auth, "SASL" },
	{ "UTF8", AUTHORIZATION, 0, 0, verb_utf8, "UTF8" },
	{ "LANG", BOTH, 0, 1, verb_lang, "LANG" },
	{ "STAT", TRANSACTION, 0, 0, verb_stat, NULL },
	{ "LIST", TRANSACTION, 0, 1, verb_list, NULL },
	{ "RETR", TRANSACTION, 1, 1, verb_retr, NULL },
	{ "DELE", TRANSACTION, 1, 1, verb_dele, NULL },
	{ "NOOP", TRANSACTION, 0, 0, verb_noop, NULL },
	{ "RSET", TRANSACTION, 0, 0, verb_rset, NULL },
	{ "LAST", TRANSACTION, 0, 0, verb_last, NULL },
	{ "TOP", TRANSACTION, 2, 2, verb_top, "TOP" },
	{ "UIDL", TRANSACTION, 0, 1, verb_uidl, "UIDL" },
	{ "CAPA", BOTH, 0, 0, verb_capa, NULL },
	{ "QUIT", BOTH, 0, 0, verb_quit, NULL },
};

static const size_t verbs_count = sizeof(verbs) / sizeof(verbs[0]);

/* What clients know of by CAPA alone (RFC 2595 section 4 for STLS). */
static bool is_extension(const struct verb *v)
{
	return v->run == verb_capa || v->run == verb_stls ||
	       v->run == verb_utf8 || v->run == verb_lang;
}

static bool is_beyond_minimum(const struct verb *v)
{
	return v->run == verb_top || v->run == verb_uidl ||
	       v->run == verb_auth || is_extension(v);
}

static bool available(const struct session *s, const struct verb *v)
{
	if (v->run == verb_last && !s->config.legacy_last)
		return false;
	if (v->run == verb_utf8 && switched(s, DEFECT_UTF8_IGNORED))
		return false;
	if (v->run == verb_apop && !s->timestamp[0])
		return false;
	if (v->run == verb_stls && !s->config.tls_offered)
		return false;
	if (is_extension(v) && (switched(s, ODDITY_NO_CAPA) ||
				greets_with_brackets(s)))
		return false;
	if (v->run == verb_auth && !slice_str(s->config.mechanisms).len)
		return false;
	if ((v->run == verb_user || v->run == verb_pass) &&
	    switched(s, ODDITY_NO_PLAIN_PASSWORDS))
		return false;
	if (is_beyond_minimum(v) && switched(s, ODDITY_MINIMAL))
		return false;
	if (v->run == verb_rset && switched(s, DEFECT_RSET_MISSING))
		return false;
	return !(v->run == verb_noop && switched(s, DEFECT_NOOP_MISSING));
}

static bool tells_case(const struct session *s, const struct verb *v)
{
	return switched(s, DEFECT_KEYWORD_CASE) ||
	       (v->run == verb_top && switched(s, DEFECT_TOP_CASE)) ||
	       (v->run == verb_uidl && switched(s, DEFECT_UIDL_CASE)) ||
	       (v->run == verb_apop && switched(s, DEFECT_APOP_CASE)) ||
	       (v->run == verb_capa && switched(s, DEFECT_CAPA_CASE));
}

static bool is_called(const struct session *s, const struct verb *v,
		      struct slice keyword)
{
	if (switched(s, DEFECT_KEYWORD_BEGINS))
		keyword = slice_first(keyword, strlen(v->name));
	if (tells_case(s, v))
		return slice_is(keyword, v->name);
	return slice_is_nocase(keyword, v->name);
}

/* CAPA says that there is such a command, and there is none. */
static bool only_announced(const struct session *s, const struct verb *v)
{
	return (v->run == verb_top && switched(s, DEFECT_TOP_ANNOUNCED_ONLY)) ||
	       (v->run == verb_uidl && switched(s, DEFECT_UIDL_ANNOUNCED_ONLY));
}

static const struct verb *find(const struct session *s, struct slice keyword)
{
	for (size_t i = 0; i < verbs_count; i++)
		if (is_called(s, &verbs[i], keyword) &&
		    available(s, &verbs[i]) && !only_announced(s, &verbs[i]))
			return &verbs[i];
	return NULL;
}

static bool is_kept_from_clear(const struct session *s, const struct verb *v)
{
	return (v->run == verb_user || v->run == verb_pass) &&
	       !session_takes_secrets(s);
}

static bool announced(const struct session *s, const struct verb *v)
{
	if (is_kept_from_clear(s, v) ||
	    (v->run == verb_stls && !session_can_start_tls(s)))
		return false;
	if (v->run == verb_top && switched(s, ODDITY_TOP_LIMITED))
		return false;
	return v->capability && available(s, v);
}

const char *verbs_capability(const struct session *s, size_t i)
{
	for (const struct verb *v = verbs; v < verbs + verbs_count; v++)
		if (announced(s, v) && i-- == 0)
			return v->capability;
	return NULL;
}

bool verbs_available(const struct session *s,
		     void (*run)(struct session *s, const struct command *c,
				 struct reply *r))
{
	for (const struct verb *v = verbs; v < verbs + verbs_count; v++)
		if (v->run == run)
			return available(s, v);
	return false;
}

/* Commands that clients try and this server lacks. */
static bool dies_of_unknown(const struct session *s, struct slice keyword)
{
	return (slice_is_nocase(keyword, "AUTH") &&
		switched(s, DEFECT_AUTH_CLOSES)) ||
	       (slice_is_nocase(keyword, "STLS") &&
		switched(s, DEFECT_STLS_CLOSES));
}

static void refuse_unknown(struct session *s, struct slice keyword,
			   struct reply *r)
{
	if (dies_of_unknown(s, keyword)) {
		s->want = WANT_CLOSE;
		return;
	}
	if (switched(s, DEFECT_UNKNOWN_COMMAND_IGNORED) ||
	    (slice_is_nocase(keyword, "UTF8") &&
	     switched(s, DEFECT_UTF8_IGNORED)))
		return;
	if (switched(s, DEFECT_UNKNOWN_COMMAND_ACCEPTED))
		reply_ok(r, "done");
	else
		reply_err(r, "unknown command");
}

static bool is_lower_case(struct slice keyword)
{
	for (size_t i = 0; i < keyword.len; i++)
		if (keyword.ptr[i] < 'a' || keyword.ptr[i] > 'z')
			return false;
	return true;
}

/* Returns true when a command that is out of place is obeyed all the same. */
static bool slips_in(const struct session *s, const struct verb *v,
		     const struct command *c)
{
	bool before = s->state == AUTHORIZATION;

	return (is_lower_case(c->keyword) &&
		switched(s, DEFECT_LOWER_CASE_IN_ANY_STATE)) ||
	       (before && v->run == verb_noop && session_has_user(s) &&
		switched(s, DEFECT_NOOP_BEHIND_USER)) ||
	       (before && v->run == verb_stat && session_has_user(s) &&
		switched(s, DEFECT_USER_LETS_IN)) ||
	       (before && s->failed_logins > 1 &&
		switched(s, DEFECT_TWO_FAILURES_LET_IN));
}

static bool is_in_state(const struct session *s, const struct verb *v,
			const struct command *c)
{
	if (slips_in(s, v, c))
		return true;
	if (v->run == verb_stat && switched(s, DEFECT_STAT_BEFORE_LOGIN))
		return true;
	if (v->run == verb_user && switched(s, DEFECT_USER_IN_TRANSACTION))
		return true;
	if (v->run == verb_utf8 && switched(s, DEFECT_UTF8_AFTER_LOGIN))
		return true;
	if ((v->run == verb_capa &&
	     switched(s, DEFECT_CAPA_BEFORE_LOGIN_ONLY)) ||
	    (v->run == verb_lang && switched(s, DEFECT_LANG_BEFORE_LOGIN_ONLY)))
		return s->state == AUTHORIZATION;
	if (v->run == verb_quit && switched(s, DEFECT_QUIT_REFUSED))
		return s->state == TRANSACTION;
	return v->states & (int)s->state;
}

static void refuse_state(struct session *s, const struct verb *v,
			 const struct command *c, struct reply *r)
{
	if (v->run == verb_pass && switched(s, DEFECT_REFUSED_PASS_UNMARKS))
		session_unmark(s);
	if (v->run == verb_list && c->has_rest &&
	    switched(s, DEFECT_LIST_ONE_BEFORE_LOGIN))
		reply_data(r, "%.*s 0", (int)c->rest.len, c->rest.ptr);
	else if (v->run == verb_pass && !c->has_rest &&
		 switched(s, DEFECT_PASS_ALONE_IN_TRANSACTION))
		reply_ok(r, "you are in already");
	else if (s->state == AUTHORIZATION)
		reply_err(r, "%s comes after the login", v->name);
	else
		reply_err(r, "%s comes before the login", v->name);
}

static void refuse_arguments(const struct verb *v, struct reply *r)
{
	if (v->arguments_max == 0)
		reply_err(r, "%s takes no argument", v->name);
	else if (v->arguments_min == 0)
		reply_err(r, "%s takes one argument or none", v->name);
	else if (v->run == verb_auth)
		reply_err(r, "%s needs a mechanism, and takes a response",
			  v->name);
	else if (v->arguments_min == 1)
		reply_err(r, "%s needs an argument, and only one", v->name);
	else
		reply_err(r, "%s needs two arguments", v->name);
}

static bool dies_of_too_few(const struct session *s, const struct verb *v)
{
	return (v->run == verb_pass &&
		switched(s, DEFECT_PASS_WITHOUT_ARGUMENT)) ||
	       (v->run == verb_apop &&
		switched(s, DEFECT_APOP_WITHOUT_DIGEST)) ||
	       (v->run == verb_top &&
		switched(s, DEFECT_TOP_WITHOUT_ARGUMENTS));
}

/* Returns true when the handler may go on with what there is. */
static bool too_few(struct session *s, const struct verb *v, struct reply *r)
{
	if (v->run == verb_user && switched(s, DEFECT_USER_WITHOUT_NAME))
		return true;
	if (dies_of_too_few(s, v))
		s->want = WANT_CLOSE;
	else
		refuse_arguments(v, r);
	return false;
}

static enum grammar grammar_of_spaces(const struct session *s)
{
	return switched(s, DEFECT_SPACES_SKIPPED) ? LENIENT : grammar(s);
}

/* Whether what there is too much of is taken all the same. */
static bool takes_more(const struct session *s, const struct verb *v)
{
	return grammar(s) == LENIENT ||
	       (v->run == verb_dele && switched(s, DEFECT_DELE_TAKES_LISTS)) ||
	       (v->run == verb_stat && switched(s, DEFECT_STAT_OF_ONE)) ||
	       (v->run == verb_quit &&
		switched(s, DEFECT_QUIT_TAKES_ARGUMENT)) ||
	       (v->arguments_max == 1 &&
		switched(s, DEFECT_LAST_ARGUMENT_COUNTS));
}

static bool take_arguments(struct session *s, const struct verb *v,
			   struct command *c, struct reply *r)
{
	struct error e;

	if (v->arguments_max == REST_OF_LINE) {
		command_take_rest(c);
	} else if (command_split(c, grammar_of_spaces(s), &e) < 0) {
		reply_error(r, &e);
		return false;
	}
	if (c->count < v->arguments_min)
		return too_few(s, v, r);
	if (c->count > v->arguments_max && !takes_more(s, v)) {
		if (v->run == verb_apop &&
		    switched(s, DEFECT_APOP_THIRD_ARGUMENT))
			s->want = WANT_CLOSE;
		else
			refuse_arguments(v, r);
		return false;
	}
	if (v->arguments_max == 1 && c->count > 1 &&
	    switched(s, DEFECT_LAST_ARGUMENT_COUNTS))
		c->arguments[0] = c->arguments[1];
	return true;
}

/* Returns true when this server takes offence, and ends the session. */
static bool ends_at(struct session *s, const struct line *line)
{
	if ((line->len || !switched(s, DEFECT_EMPTY_LINE_CLOSES)) &&
	    (line->len < 128 || s->state != AUTHORIZATION ||
	     !switched(s, DEFECT_LONG_NAME_CLOSES)))
		return false;
	s->want = WANT_CLOSE;
	return true;
}

/* Returns true when a line that is too long has no reply. */
static bool says_nothing_to_length(struct session *s)
{
	if (switched(s, ODDITY_LONG_LINES_CLOSE))
		s->want = WANT_CLOSE;
	return switched(s, ODDITY_LONG_LINES_CLOSE) ||
	       switched(s, ODDITY_LONG_LINES_IGNORED);
}

static bool is_tired_of(const struct session *s, const struct verb *v)
{
	return s->failed_logins >= 3 && switched(s, ODDITY_THREE_TRIES) &&
	       (v->run == verb_user || v->run == verb_pass ||
		v->run == verb_apop);
}

/* Returns the verb that ran, or NULL. */
static const struct verb *run(struct session *s, const struct line *line,
			      struct reply *r)
{
	const struct verb *v;
	struct command c;
	struct error e;

	if (ends_at(s, line))
		return NULL;
	if (line_too_long(line)) {
		if (says_nothing_to_length(s))
			return NULL;
		reply_err(r, "a command has at most %d octets", COMMAND_OCTETS);
		return NULL;
	}
	if (command_parse(&c, line_text(line), grammar(s), &e) < 0) {
		reply_error(r, &e);
		return NULL;
	}
	v = find(s, c.keyword);
	if (s->state == TRANSACTION && ++s->commands > 100 &&
	    switched(s, DEFECT_TIRED_AFTER_100))
		reply_err(r, "too many commands");
	else if (!v)
		refuse_unknown(s, c.keyword, r);
	else if (!is_in_state(s, v, &c))
		refuse_state(s, v, &c, r);
	else if (is_tired_of(s, v))
		reply_err(r, "no more tries in this session");
	else if (is_kept_from_clear(s, v))
		session_refuse_secret(s, r);
	else if (take_arguments(s, v, &c, r))
		v->run(s, &c, r);
	return v;
}

void verbs_obey(struct session *s, const struct line *line, struct reply *r)
{
	const struct verb *v = run(s, line, r);

	if (v && v->run == verb_auth)
		return; /* "as if [it] had not been issued" (RFC 5034) */
	s->previous = r->status == REPLY_OK ? v : NULL;
	s->user_is_known = false;
}
