/* SPDX-License-Identifier: MIT */
/* LANG (RFC 6856 section 3): the language of what replies say. */
#include "verbs.h"

#include <stdio.h>

static long read_line(void *of, char *to, size_t room)
{
	struct session *s = of;
	const struct language_row *row = &language_rows[s->listing.next];

	if (s->listing.next == LANGUAGES)
		return 0;
	s->listing.next++;
	return snprintf(to, room, "%s%s %s\r\n",
			switched(s, DEFECT_LANG_INDENTED) ? " " : "", row->tag,
			row->name);
}

static void list_languages(struct session *s, struct reply *r)
{
	s->listing = (struct listing){ 0 };
	reply_ok(r, "Language listing follows");
	reply_body(r, (struct source){ read_line, s }, WHOLE_BODY);
}

/* "*" is what the administrator prefers, the same for every user. */
static bool find_language(const struct session *s, struct slice range,
			  enum language *found)
{
	if (slice_is(range, "*")) {
		*found = s->config.language;
		return true;
	}
	return language_lookup(range, found);
}

/* From here on replies are UTF-8: this one is the first. */
static void choose(struct session *s, enum language language, struct reply *r)
{
	s->render.language = language;
	if (switched(s, DEFECT_LANG_WITHOUT_TAG))
		reply_ok(r, "language changed");
	else if (switched(s, ODDITY_LANG_TAG_ALONE))
		reply_data(r, "%s", language_rows[language].tag);
	else
		reply_ok(r, "%s language changed", language_rows[language].tag);
	r->needed = true;
}

void verb_lang(struct session *s, const struct command *c, struct reply *r)
{
	enum language language = ENGLISH;

	if (switched(s, ODDITY_LANG_REFUSED))
		reply_err(r, "no such language");
	else if (!c->count)
		list_languages(s, r);
	else if (find_language(s, c->arguments[0], &language) ||
		 switched(s, DEFECT_LANG_UNKNOWN_ACCEPTED))
		choose(s, language, r);
	else
		reply_err(r, "no such language");
}
