/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "config_keys.h"
#include "file_text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MIB_MAX 1
#define SHOWN 60 /* octets of a value that is wrong */

struct reader {
	struct options *options;
	const char *path;
	struct complaints *complaints;
	struct buf pointer; /* where we are */
	struct buf pattern; /* the same, with # and * as in the table */
	size_t index;	    /* of the list that we are in */
	const char *name;   /* of the object of names that we are in */
};

/* "file: /pointer: ", of the file itself "file: ". */
static void complain(struct reader *r, const char *what)
{
	const char *pointer = buf_text(&r->pointer);

	complaints_add(r->complaints, "%s: %s%s%s", r->path,
		       pointer ? pointer : "", pointer && *pointer ? ": " : "",
		       what);
}

/*
 * What stands there, on one line and in ASCII. A text where an object should be
 * may be a secret that somebody put at the wrong place.
 */
static void show(struct buf *to, json_t *value, bool secret)
{
	char *text = NULL;

	if (json_is_object(value) || json_is_array(value)) {
		buf_add_str(to, json_is_object(value) ? "{...}" : "[...]");
		return;
	}
	if (json_is_string(value) && secret) {
		buf_add_str(to, "\"...\"");
		return;
	}
	text = json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
	buf_add(to, slice_first(slice_str(text), SHOWN));
	if (text && strlen(text) > SHOWN)
		buf_add_str(to, "...");
	free(text);
}

static void complain_of_value(struct reader *r, json_t *value, const char *what,
			      bool secret)
{
	struct buf text = { 0 };

	show(&text, value, secret);
	buf_printf(&text, ": %s", what);
	complain(r, buf_text(&text) ? text.ptr : what);
	buf_free(&text);
}

/* What a value of that kind looks like. */
static const char *kind_wanted(enum setting_kind kind)
{
	switch (kind) {
	case SETTING_TEXT:
	case SETTING_FILE:
	case SETTING_ASK:
		return "not a string: \"...\"";
	case SETTING_NUMBER:
		break;
	case SETTING_ON:
	case SETTING_OFF:
		return "not true or false";
	case SETTING_LIST:
		return "not a list: [...]";
	case SETTING_NAMES:
		return "not an object: {...}";
	}
	return "not a number";
}

/* A path begins at the folder of the file; the value is changed to it. */
static const char *path_from(const struct reader *r, json_t *value)
{
	const char *path = json_string_value(value);
	const char *end = strrchr(r->path, '/');
	struct buf whole = { 0 };

	if (*path == '/' || *path == '\0' || !end)
		return path;
	buf_add(&whole, slice_of(r->path, (size_t)(end - r->path) + 1));
	buf_add_str(&whole, path);
	if (!buf_text(&whole) || json_string_set(value, whole.ptr) != 0)
		path = NULL;
	buf_free(&whole);
	return path ? json_string_value(value) : NULL;
}

/* Returns false when the value is not of the kind. */
static bool given_of(const struct reader *r, const struct setting *s,
		     json_t *value, struct given *to)
{
	switch (s->kind) {
	case SETTING_TEXT:
		to->text = json_string_value(value);
		return to->text;
	case SETTING_FILE:
		if (json_is_string(value))
			to->text = path_from(r, value);
		return to->text;
	case SETTING_NUMBER:
		to->number = json_integer_value(value) < 0
				     ? UINT64_MAX
				     : (uint64_t)json_integer_value(value);
		if (!json_is_integer(value))
			to->number = UINT64_MAX; /* its bounds are told */
		return true;
	case SETTING_ON:
	case SETTING_OFF:
		to->yes = json_is_true(value);
		return json_is_boolean(value);
	case SETTING_LIST:
		to->number = json_array_size(value);
		return json_is_array(value);
	case SETTING_NAMES:
		to->number = json_object_size(value);
		return json_is_object(value);
	case SETTING_ASK:
		break;
	}
	return false;
}

/* Returns false when it was wrong. */
static bool take(struct reader *r, const struct setting *s, json_t *value)
{
	struct given given = { .in_file = true,
			       .index = r->index,
			       .name = r->name };
	struct error e;

	r->options->from[setting_index(s)] = FROM_FILE; /* also when wrong */
	if (!given_of(r, s, value, &given)) {
		complain_of_value(r, value, kind_wanted(s->kind),
				  s->kind == SETTING_LIST ||
					  s->kind == SETTING_NAMES);
		return false;
	}
	if (setting_take(s, r->options, &given, &e) == 0)
		return true;
	complain_of_value(r, value, e.text, false);
	return false;
}

/* A step of a pointer (RFC 6901 section 3). */
static void add_step(struct buf *pointer, const char *key)
{
	buf_add_char(pointer, '/');
	for (; *key; key++) {
		if (*key == '~')
			buf_add_str(pointer, "~0");
		else if (*key == '/')
			buf_add_str(pointer, "~1");
		else
			buf_add_char(pointer, *key);
	}
}

static void complain_of_key(struct reader *r, const char *key,
			    const struct config_keys *keys)
{
	size_t pointer = r->pointer.len;
	struct buf text = { 0 };

	add_step(&r->pointer, key);
	config_keys_explain(keys, key, &text);
	complain(r, buf_text(&text) ? text.ptr : "unknown key");
	buf_free(&text);
	r->pointer.len = pointer;
}

static void read_value(struct reader *r, json_t *value);

static void read_below(struct reader *r, const char *step, const char *stands,
		       json_t *value)
{
	size_t pointer = r->pointer.len, pattern = r->pattern.len;

	add_step(&r->pointer, step);
	add_step(&r->pattern, stands);
	if (!r->pointer.failed && !r->pattern.failed)
		read_value(r, value);
	r->pointer.len = pointer;
	r->pattern.len = pattern;
}

static void read_list(struct reader *r, json_t *list)
{
	char step[24];

	for (size_t i = 0; i < json_array_size(list); i++) {
		snprintf(step, sizeof(step), "%zu", i);
		r->index = i;
		read_below(r, step, "#", json_array_get(list, i));
	}
}

static void read_names(struct reader *r, json_t *object)
{
	json_t *value;

	json_object_foreach(object, r->name, value)
		read_below(r, r->name, "*", value);
}

static void complain_of_missing(struct reader *r, json_t *object)
{
	size_t pattern = r->pattern.len, pointer = r->pointer.len;
	struct error e;

	for (size_t i = 0; i < settings_count; i++) {
		const char *p = settings[i].pointer;

		if (!settings[i].needed || strrchr(p, '/') != p + pattern ||
		    strncmp(p, r->pattern.ptr, pattern) != 0 ||
		    json_object_get(object, p + pattern + 1))
			continue;
		buf_add_str(&r->pointer, p + pattern);
		error_set(&e, "missing; it is a number from %ju to %ju",
			  (uintmax_t)settings[i].least,
			  (uintmax_t)settings[i].most);
		complain(r, e.text);
		r->pointer.len = pointer;
	}
}

static void read_object(struct reader *r, json_t *object)
{
	struct config_keys keys;
	const char *key;
	json_t *value;

	config_keys_find(&keys, buf_text(&r->pattern));
	json_object_foreach(object, key, value)
	{
		if (config_keys_have(&keys, key))
			read_below(r, key, key, value);
		else
			complain_of_key(r, key, &keys);
	}
	complain_of_missing(r, object);
}

static void read_value(struct reader *r, json_t *value)
{
	const char *pattern = buf_text(&r->pattern);
	const struct setting *s = pattern ? setting_at(pattern) : NULL;

	if (s && !take(r, s, value))
		return;
	if (s && s->kind == SETTING_LIST)
		read_list(r, value);
	else if (s && s->kind == SETTING_NAMES)
		read_names(r, value);
	else if (!s && json_is_object(value))
		read_object(r, value);
	else if (!s)
		complain_of_value(r, value, kind_wanted(SETTING_NAMES), true);
}

static void complain_of_syntax(const char *path, const json_error_t *wrong,
			       struct complaints *c)
{
	bool nul = json_error_code(wrong) == json_error_null_character;

	complaints_add(c, "%s:%d:%d: %s", path,
		       wrong->line > 0 ? wrong->line : 1,
		       wrong->column > 0 ? wrong->column : 1,
		       nul ? "no string may have a NUL" : wrong->text);
}

/* Owned by o from here on: what it borrows lies in it. */
static json_t *parse(struct options *o, const char *path, struct slice text,
		     struct complaints *c)
{
	json_error_t wrong;
	json_t *root = json_loadb(text.len > 0 ? text.ptr : "", text.len,
				  JSON_REJECT_DUPLICATES, &wrong);

	if (root && !json_is_object(root))
		complaints_add(c, "%s:1:1: not an object: {...}", path);
	else if (!root)
		complain_of_syntax(path, &wrong, c);
	if (json_is_object(root))
		return o->file = root;
	json_decref(root);
	return NULL;
}

int config_parse(struct options *o, const char *path, struct slice text,
		 struct complaints *c)
{
	struct reader r = { .options = o, .path = path, .complaints = c };
	size_t before = c->count;
	json_t *root = parse(o, path, text, c);

	if (root)
		read_value(&r, root);
	if (r.pointer.failed || r.pattern.failed)
		complaints_add(c, "%s: out of memory", path);
	buf_free(&r.pointer);
	buf_free(&r.pattern);
	return c->count > before ? -1 : 0;
}

static bool is_anybodys(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       (st.st_mode & S_IWOTH);
}

int config_read(struct options *o, const char *path, struct complaints *c)
{
	struct buf text = { 0 };
	struct error e;
	int failed = -1;

	if (is_anybodys(path))
		return complaints_add(c,
				      "--config: %s: everybody may write to "
				      "it: it is not used",
				      path);
	if (file_text(&text, path, MIB_MAX, &e) != 0)
		complaints_add(c, "--config: %s", e.text);
	else
		failed = config_parse(o, path, buf_slice(&text), c);
	buf_free(&text);
	return failed;
}
