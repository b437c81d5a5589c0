/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include "options.h"

#include <string.h>

/* A number goes to a field of its size. */
static void store_number(void *field, size_t size, uint64_t number)
{
	uint32_t small = (uint32_t)number;

	if (size == sizeof(small))
		memcpy(field, &small, size);
	else
		memcpy(field, &number, sizeof(number));
}

static int store(const struct setting *s, struct options *o,
		 const struct given *value)
{
	void *field = (char *)o + s->field;
	bool yes = s->kind == SETTING_OFF ? !value->yes : value->yes;

	if (s->size == 0)
		return 0;
	if (s->kind == SETTING_NUMBER)
		store_number(field, s->size,
			     value->number * (s->unit ? s->unit : 1));
	else if (s->kind == SETTING_ON || s->kind == SETTING_OFF)
		memcpy(field, &yes, sizeof(yes));
	else
		memcpy(field, &value->text, sizeof(value->text));
	return 0;
}

static int check_number(const struct setting *s, uint64_t number,
			struct error *e)
{
	if (number >= s->least && number <= s->most)
		return 0;
	return error_set(e, "not a number from %ju to %ju", (uintmax_t)s->least,
			 (uintmax_t)s->most);
}

static int check(const struct setting *s, const struct given *value,
		 struct error *e)
{
	if (s->kind == SETTING_NUMBER && check_number(s, value->number, e) != 0)
		return -1;
	if ((s->kind == SETTING_LIST || s->kind == SETTING_NAMES) &&
	    value->number > s->most)
		return error_set(e, "more than %ju", (uintmax_t)s->most);
	if (value->text && !*value->text)
		return error_set(e, "empty; one octet at least is wanted");
	return 0;
}

int setting_take(const struct setting *s, struct options *o,
		 const struct given *value, struct error *e)
{
	if (check(s, value, e) != 0)
		return -1;
	o->from[setting_index(s)] =
		value->in_file ? FROM_FILE : FROM_COMMAND_LINE;
	if (s->kind == SETTING_ASK)
		o->asked = (enum asked)s->least;
	return s->put ? s->put(o, value, e) : store(s, o, value);
}

/* Reads text as a decimal number; what is none is too big for any bounds. */
static uint64_t read_number(const char *text)
{
	uint64_t number = 0;

	if (!*text)
		return UINT64_MAX;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || number > UINT64_MAX / 20)
			return UINT64_MAX;
		number = 10 * number + (uint64_t)(*text - '0');
	}
	return number;
}

int setting_read_number(const struct setting *s, const char *text,
			uint64_t *number, struct error *e)
{
	*number = read_number(text);
	return check_number(s, *number, e);
}

int setting_read(const struct setting *s, struct options *o, const char *text,
		 struct error *e)
{
	struct given value = { .yes = s->kind == SETTING_ON };

	if (s->kind == SETTING_NUMBER)
		value.number = read_number(text);
	else
		value.text = text;
	return setting_take(s, o, &value, e);
}
