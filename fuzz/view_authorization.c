/* SPDX-License-Identifier: MIT */
/* The AUTHORIZATION state as a client sees it, with AUTH (RFC 5034 section 4).
 */
#include "view_turn.h"

/* Behind the name of a mechanism: NUL mrose NUL tanstaaf. */
static bool proves(const struct view *v, struct slice response)
{
	return v->of_plain && !v->busy &&
	       slice_is(response, "AG1yb3NlAHRhbnN0YWFm");
}

/* AUTH, or a response, ended the exchange. It leaves no trace when it fails. */
void turn_check_exchange(const struct turn *t, struct slice response)
{
	struct view *v = t->view;

	if (proves(v, response))
		turn_obeyed(t);
	if (!is_base64(response))
		turn_refused(t);
	v->exchanging = false;
	if (!t->said.positive)
		return;
	fuzz_holds(t->let_in || v->proved, "only who proves himself is let in",
		   t->command);
	fuzz_holds(!v->busy, "a maildrop belongs to one session", t->command);
	view_enter(v);
}

static void check_login(const struct turn *t)
{
	struct view *v = t->view;

	if (v->user_said && turn_has_word(t, "PASS") && !v->busy &&
	    slice_is(command_rest(t->command), "tanstaaf"))
		turn_obeyed(t);
	if (!t->said.positive)
		return;
	fuzz_holds(t->let_in, "only who proves himself is let in", t->command);
	fuzz_holds(!v->busy, "a maildrop belongs to one session", t->command);
	view_enter(v);
}

/* RFC 2595 section 4: it "is present and permitted in the current state". */
static bool can_start_tls(const struct view *v)
{
	return v->tls_offered && !v->tls && !v->in;
}

void turn_check_capabilities(const struct turn *t)
{
	struct slice lines = buf_slice(&t->said.body);
	bool told = false;

	turn_obeyed(t);
	while (lines.len)
		told |= slice_is(line_take(&lines), "STLS");
	fuzz_same(told, can_start_tls(t->view),
		  "CAPA tells of STLS while it works");
}

static void check_stls(const struct turn *t)
{
	if (!can_start_tls(t->view)) {
		turn_refused(t);
		return;
	}
	turn_obeyed(t);
	t->view->tls = true;
	t->view->utf8 = t->view->localized = false;
}

static bool is_secret_in_clear(const struct turn *t)
{
	return t->view->secrets_need_tls && !t->view->tls &&
	       (turn_has_word(t, "USER") || turn_has_word(t, "PASS"));
}

void turn_check_authorization(const struct turn *t)
{
	if (turn_has_word(t, "AUTH") && is_visible(t->command)) {
		struct slice rest = command_rest(t->command);

		rest = slice_is(command_rest(rest), "=") ? slice_str("")
							 : command_rest(rest);
		turn_check_exchange(t, rest);
		return;
	}
	if (is_secret_in_clear(t))
		turn_refused(t);
	else if (turn_has_word(t, "PASS") || turn_has_word(t, "APOP"))
		check_login(t);
	else if (turn_has_word(t, "LANG"))
		view_lang(t);
	else if (turn_is(t, "UTF8"))
		turn_obeyed(t);
	else if (turn_is(t, "CAPA"))
		turn_check_capabilities(t);
	else if (turn_is(t, "STLS"))
		check_stls(t);
	else if (!turn_has_word(t, "USER"))
		turn_refused(t);
	t->view->utf8 |= turn_is(t, "UTF8");
	t->view->user_said =
		slice_is(t->command, "USER mrose") && t->said.positive;
}

bool view_is_challenged(struct view *v, struct slice line, struct slice *said,
			bool let_in)
{
	bool begins = !v->exchanging && !v->in && line.len <= 253 &&
		      slice_is_nocase(command_word(line), "AUTH");

	if (begins) {
		v->of_plain = slice_is_nocase(command_word(command_rest(line)),
					      "PLAIN");
		v->proved = false;
	}
	if (!(begins || v->exchanging) || !said_take_challenge(said))
		return false;
	v->exchanging = true;
	v->proved |= let_in;
	fuzz_holds(begins || is_base64(line),
		   "what is no base64 ends an exchange", line);
	return true;
}
