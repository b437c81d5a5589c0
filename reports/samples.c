/* SPDX-License-Identifier: MIT */
#include "samples.h"

#include "bytes.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

struct report *sample_begin(const struct sample *s, const char *format,
			    const char *path)
{
	struct error e = { 0 };
	struct report *r = report_open(format, path, &e);

	assert_string_equal(e.text, "");
	assert_non_null(r);
	assert_int_equal(r->ops->begin(r, &s->run, &e), 0);
	for (size_t i = 0; i < s->count; i++)
		assert_int_equal(r->ops->verdict(r, &s->verdicts[i], &e), 0);
	return r;
}

void sample_report(const struct sample *s, const char *format,
		   const char *path)
{
	struct report *r = sample_begin(s, format, path);
	struct error e = { 0 };

	assert_int_equal(r->ops->end(r, &s->summary, &e), 0);
	assert_string_equal(e.text, "");
	r->ops->free(r);
}

int folder_make(void **state)
{
	char *path = strdup("/tmp/pop3spec-reports-XXXXXX");

	*state = path;
	return path && mkdtemp(path) ? 0 : -1;
}

static bool hidden(const struct dirent *entry)
{
	return entry->d_name[0] == '.';
}

int folder_remove(void **state)
{
	DIR *folder = opendir(*state);
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (!hidden(entry))
			unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder)
		closedir(folder);
	rmdir(*state);
	free(*state);
	return 0;
}

char *folder_path(void **state, const char *name)
{
	struct buf path = { 0 };
	char *text;

	buf_printf(&path, "%s/%s", (const char *)*state, name);
	text = buf_steal(&path);
	assert_non_null(text);
	return text;
}

size_t folder_files(void **state)
{
	DIR *folder = opendir(*state);
	struct dirent *entry;
	size_t n = 0;

	assert_non_null(folder);
	while ((entry = readdir(folder)))
		n += !hidden(entry);
	closedir(folder);
	return n;
}

char *slurp(const char *path)
{
	FILE *file = fopen(path, "re");
	struct buf all = { 0 };
	int c;

	if (!file)
		return NULL;
	while ((c = getc(file)) != EOF)
		buf_add_char(&all, (char)c);
	fclose(file);
	return buf_steal(&all);
}

void spill(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

void assert_golden(const char *path, const char *name)
{
	char *found = slurp(path), *wanted;
	char golden[256];

	assert_non_null(found);
	snprintf(golden, sizeof(golden), "reports/golden/%s", name);
	if (getenv("POP3SPEC_REGENERATE"))
		spill(golden, found);
	wanted = slurp(golden);
	assert_non_null(wanted);
	assert_string_equal(found, wanted);
	free(found);
	free(wanted);
}
