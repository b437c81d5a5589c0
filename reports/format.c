/* SPDX-License-Identifier: MIT */
#include "format.h"

#include "field.h"

#include <stdio.h>
#include <stdlib.h>

#define RUN(kind, key, member) FIELD(struct run_info, kind, key, member)
#define VERDICT(kind, key, member) FIELD(struct verdict, kind, key, member)
#define EXCHANGE(kind, key, member) FIELD(struct exchange, kind, key, member)
#define SUMMARY(kind, key, member) FIELD(struct run_summary, kind, key, member)
#define COUNT(key, outcome) SUMMARY(FIELD_NUMBER, key, count[outcome])

static const struct field target_fields[] = {
	RUN(FIELD_TEXT, "address", target),
	FIELD_LAST,
};

static const struct field run_fields[] = {
	RUN(FIELD_TEXT, "tool", tool),
	RUN(FIELD_TEXT, "edition", edition),
	RUN(FIELD_TEXT, "register", registered),
	{ "target", FIELD_OBJECT, 0, 0, NULL, target_fields, false },
	RUN(FIELD_TEXT, "started", started),
	RUN(FIELD_NUMBER, "seed", seed),
	RUN(FIELD_TEXT, "split", split),
	RUN(FIELD_NUMBER, "scenarios", scenarios),
	RUN(FIELD_NUMBER, "requirements", requirements),
	FIELD_LATER(struct run_info, FIELD_FLAG, "look_only", look_only),
	FIELD_LATER(struct run_info, FIELD_TEXT, "fail_on", fail_on),
	FIELD_LATER(struct run_info, FIELD_TEXT, "replay", replay),
	FIELD_LAST,
};

static const struct field verdict_fields[] = {
	VERDICT(FIELD_TEXT, "scenario", scenario),
	VERDICT(FIELD_NUMBER, "revision", revision),
	VERDICT(FIELD_TEXT, "file", file),
	VERDICT(FIELD_TEXT, "title", title),
	VERDICT(FIELD_TEXT, "transport", transport),
	VERDICT(FIELD_TEXT, "requirement", requirement),
	FIELD_LATER(struct verdict, FIELD_TEXT, "also", also),
	FIELD_LATER(struct verdict, FIELD_TEXT, "unseen", unseen),
	VERDICT(FIELD_TEXT, "clause", clause),
	VERDICT(FIELD_TEXT, "link", link),
	VERDICT(FIELD_TEXT, "level", level),
	VERDICT(FIELD_TEXT, "statement", statement),
	VERDICT(FIELD_TEXT, "ruling", ruling),
	VERDICT(FIELD_OUTCOME, "outcome", outcome),
	VERDICT(FIELD_TEXT, "label", label),
	FIELD_LATER(struct verdict, FIELD_TEXT, "blocked_by", blocked_by),
	FIELD_LATER(struct verdict, FIELD_TEXT, "cause", cause),
	VERDICT(FIELD_TEXT, "step", step),
	VERDICT(FIELD_FLAG, "confirmed", confirmed),
	VERDICT(FIELD_NUMBER, "count", count),
	VERDICT(FIELD_TEXT, "expected", expected),
	VERDICT(FIELD_TEXT, "actual", actual),
	FIELD_LATER(struct verdict, FIELD_TEXT, "log", log),
	VERDICT(FIELD_SECONDS, "seconds", seconds),
	FIELD_LAST,
};

static const struct field exchange_fields[] = {
	EXCHANGE(FIELD_NUMBER, "at", at),
	{ "from", FIELD_LETTER, offsetof(struct exchange, who), 1, "CS*", NULL,
	  false },
	FIELD_LATER(struct exchange, FIELD_NUMBER, "run", run),
	EXCHANGE(FIELD_NUMBER, "client", client),
	EXCHANGE(FIELD_NUMBER, "octets", octets),
	EXCHANGE(FIELD_TEXT, "text", text),
	FIELD_LAST,
};

static const struct field requirement_fields[] = {
	SUMMARY(FIELD_NUMBER, "judged", judged),
	SUMMARY(FIELD_NUMBER, "skipped", skipped),
	SUMMARY(FIELD_NUMBER, "not_covered", not_covered),
	SUMMARY(FIELD_NUMBER, "total", requirements),
	FIELD_LAST,
};

static const struct field summary_fields[] = {
	COUNT("pass", OUTCOME_PASS),
	COUNT("fail", OUTCOME_FAIL),
	COUNT("warn", OUTCOME_WARN),
	COUNT("info", OUTCOME_INFO),
	COUNT("security", OUTCOME_SECURITY),
	COUNT("flaky", OUTCOME_FLAKY),
	COUNT("blocked", OUTCOME_BLOCKED),
	COUNT("skip", OUTCOME_SKIP),
	COUNT("crash", OUTCOME_CRASH),
	COUNT("lost", OUTCOME_LOST),
	COUNT("error", OUTCOME_ERROR),
	COUNT("notrun", OUTCOME_NOTRUN),
	{ "requirements", FIELD_OBJECT, 0, 0, NULL, requirement_fields, false },
	SUMMARY(FIELD_SECONDS, "seconds", seconds),
	SUMMARY(FIELD_TEXT, "longest", longest),
	SUMMARY(FIELD_SECONDS, "longest_seconds", longest_seconds),
	SUMMARY(FIELD_NUMBER, "octets_sent", octets_sent),
	SUMMARY(FIELD_NUMBER, "octets_received", octets_received),
	SUMMARY(FIELD_NUMBER, "round_trips", round_trips),
	SUMMARY(FIELD_NUMBER, "exit", exit_code),
	SUMMARY(FIELD_FLAG, "look_only", look_only),
	SUMMARY(FIELD_TEXT, "interrupted", interrupted),
	FIELD_LAST,
};

json_t *run_write(const struct run_info *run, struct error *e)
{
	json_t *fields = fields_write(run_fields, run, e);
	json_t *object;

	if (!fields)
		return NULL;
	object = json_pack("{s:i}", "format", FORMAT_VERSION);
	if (json_object_update(object, fields)) {
		error_set(e, "no memory");
		json_decref(object);
		object = NULL;
	}
	json_decref(fields);
	return object;
}

static json_t *transcript_write(const struct verdict *v, struct error *e)
{
	json_t *list = json_array();

	for (size_t i = 0; v->transcript && i < v->exchanges; i++) {
		json_t *x = fields_write(exchange_fields, &v->transcript[i], e);

		if (json_array_append_new(list, x)) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

json_t *verdict_write(const struct verdict *v, struct error *e)
{
	json_t *object = fields_write(verdict_fields, v, e);

	if (!object)
		return NULL;
	if (json_object_set_new(object, "transcript", transcript_write(v, e))) {
		error_set(e, "the transcript does not fit into JSON");
		json_decref(object);
		return NULL;
	}
	return object;
}

json_t *summary_write(const struct run_summary *s, struct error *e)
{
	return fields_write(summary_fields, s, e);
}

int run_read(const json_t *object, struct run_info *run, struct error *e)
{
	const json_t *format = json_object_get(object, "format");

	if (!json_is_integer(format))
		return error_set(e, "/format: missing: this is no journal");
	if (json_integer_value(format) != FORMAT_VERSION)
		return error_set(e,
				 "/format: %" JSON_INTEGER_FORMAT
				 " is not known, only %d is",
				 json_integer_value(format), FORMAT_VERSION);
	*run = (struct run_info){ 0 };
	return fields_read(run_fields, "", object, run, e);
}

static int transcript_read(const json_t *list, struct verdict *v,
			   struct error *e)
{
	size_t count = json_array_size(list);

	if (!json_is_array(list))
		return error_set(e, "/transcript: not an array");
	if (!count)
		return 0;
	v->transcript = calloc(count, sizeof(*v->transcript));
	if (!v->transcript)
		return error_set(e, "/transcript: no memory");
	v->exchanges = count;
	for (size_t i = 0; i < count; i++) {
		char where[40];

		snprintf(where, sizeof(where), "/transcript/%zu", i);
		if (fields_read(exchange_fields, where, json_array_get(list, i),
				&v->transcript[i], e))
			return -1;
	}
	return 0;
}

int verdict_read(const json_t *object, struct verdict *v, struct error *e)
{
	*v = (struct verdict){ 0 };
	if (!fields_read(verdict_fields, "", object, v, e) &&
	    !transcript_read(json_object_get(object, "transcript"), v, e))
		return 0;
	free(v->transcript);
	*v = (struct verdict){ 0 };
	return -1;
}

int summary_read(const json_t *object, struct run_summary *s, struct error *e)
{
	*s = (struct run_summary){ 0 };
	return fields_read(summary_fields, "/summary", object, s, e);
}
