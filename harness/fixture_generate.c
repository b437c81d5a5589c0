/* SPDX-License-Identifier: MIT */
/* Fixtures by recipe: a hundred messages need not be a hundred files. */
#include "fixture.h"
#include "json_reader.h"

#include <stdlib.h>
#include <string.h>

struct recipe {
	char *name;
	char *pattern;
	uint64_t count;
	uint64_t line;
	uint64_t size; /* 0: not given */
};

static int read_name(struct json_reader *r, json_t *value, void *to)
{
	char **name = to;

	if (json_read_string(r, value, name))
		return -1;
	if (!fixture_is_name(slice_str(*name)))
		return json_reader_error(
		    r, "must be 1 to 64 of a to z, 0 to 9 and -");
	return 0;
}

static int read_count(struct json_reader *r, json_t *value, void *to)
{
	return json_read_number(r, value, 1, FIXTURE_MESSAGES_LIMIT, to);
}

static int read_octets(struct json_reader *r, json_t *value, void *to)
{
	return json_read_number(r, value, 1, FIXTURE_OCTETS_LIMIT, to);
}

static int read_pattern(struct json_reader *r, json_t *value, void *to)
{
	char **pattern = to;

	if (json_read_string(r, value, pattern))
		return -1;
	for (const char *c = *pattern; *c; c++)
		if (*c < ' ' || *c > '~')
			return json_reader_error(
			    r, "must be visible ASCII and spaces");
	if (!**pattern)
		return json_reader_error(r, "must not be empty");
	return 0;
}

static const struct json_key recipe_keys[] = {
    {"name", read_name, offsetof(struct recipe, name)},
    {"count", read_count, offsetof(struct recipe, count)},
    {"size", read_octets, offsetof(struct recipe, size)},
    {"line", read_octets, offsetof(struct recipe, line)},
    {"pattern", read_pattern, offsetof(struct recipe, pattern)},
    {NULL, NULL, 0},
};

static void add_line(const struct recipe *recipe, size_t octets, struct buf *to)
{
	struct slice pattern = slice_str(recipe->pattern);
	char *at = buf_reserve(to, octets + 1);

	if (!at)
		return;
	for (size_t i = 0; i < octets; i++)
		at[i] = pattern.ptr[i % pattern.len];
	at[octets] = '\n';
	to->len += octets + 1;
}

/* Lines that take exactly size octets when each ends in CRLF. */
static void add_lines(const struct recipe *recipe, size_t size, struct buf *to)
{
	while (size) {
		size_t n = (size_t)recipe->line + 2;

		if (n > size)
			n = size;
		if (size - n == 1) /* no line is one octet */
			n--;
		add_line(recipe, n - 2, to);
		size -= n;
	}
}

static void add_header(const char *name, struct buf *to)
{
	buf_printf(to,
		   "From: sender@example.org\n"
		   "To: receiver@example.org\n"
		   "Date: Tue, 14 May 1996 09:00:00 +0000\n"
		   "Subject: %s\n"
		   "Message-ID: <%s@fixture.example.org>\n"
		   "\n",
		   name, name);
}

/* header is what POP3 counts for the header, which stands in to. */
static int add_body(struct json_reader *r, const struct recipe *recipe,
		    size_t header, struct buf *to)
{
	size_t size = (size_t)recipe->size;

	if (!size)
		add_line(recipe, (size_t)recipe->line, to);
	else if (size < header || size - header == 1)
		return json_reader_error(
		    r,
		    "size %zu cannot be: the header takes %zu, "
		    "the body nothing or at least 2",
		    size, header);
	else
		add_lines(recipe, size - header, to);
	return 0;
}

static int add_message(struct json_reader *r, const struct recipe *recipe,
		       const char *name, struct fixture *f)
{
	struct buf octets = {0};
	struct buf sent = {0};
	struct error why;
	int failed;

	add_header(name, &octets);
	fixture_as_sent(buf_slice(&octets), FIXTURE_END_AS_STORED, &sent);
	failed = add_body(r, recipe, sent.len, &octets);
	buf_free(&sent);
	if (failed)
		buf_free(&octets);
	else if (fixture_add(f, slice_str(name), &octets, &why))
		return json_reader_error(r, "%s", why.text);
	return failed;
}

static int add_messages(struct json_reader *r, const struct recipe *recipe,
			struct fixture *f)
{
	struct buf name = {0};
	int failed = 0;

	if (!recipe->name)
		return json_reader_error(r, "lacks \"name\"");
	for (uint64_t i = 1; i <= recipe->count && !failed; i++) {
		buf_clear(&name);
		buf_add_str(&name, recipe->name);
		if (recipe->count > 1)
			buf_printf(&name, "-%llu", (unsigned long long)i);
		failed = buf_text(&name) ? add_message(r, recipe, name.ptr, f)
					 : json_reader_error(r, "no memory");
	}
	buf_free(&name);
	return failed;
}

static int read_recipe(struct json_reader *r, json_t *value, void *to)
{
	struct recipe recipe = {.count = 1, .line = 70};
	int failed;

	recipe.pattern =
	    slice_copy(slice_str("abcdefghijklmnopqrstuvwxyz0123456789"));
	failed = recipe.pattern
		     ? json_read_object(r, value, recipe_keys, &recipe)
		     : json_reader_error(r, "no memory");
	if (!failed)
		failed = add_messages(r, &recipe, to);
	free(recipe.name);
	free(recipe.pattern);
	return failed;
}

static int read_messages(struct json_reader *r, json_t *value, void *to)
{
	return json_read_array(r, value, read_recipe, to);
}

static const struct json_key maildrop_keys[] = {
    {"messages", read_messages, 0},
    {NULL, NULL, 0},
};

int fixture_generate(struct fixture *f, struct slice json, const char *file,
		     struct error *e)
{
	struct json_reader r = {.file = file, .error = e};
	json_t *root = json_reader_parse(&r, json);
	int failed = -1;

	if (root && !json_object_get(root, "messages"))
		json_reader_error(&r, "lacks \"messages\": [ ... ]");
	else if (root)
		failed = json_read_object(&r, root, maildrop_keys, f);
	json_decref(root);
	json_reader_free(&r);
	return failed;
}
