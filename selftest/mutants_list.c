/* SPDX-License-Identifier: MIT */
#include "mutants.h"
#include "file.h"
#include "mutant.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_LIMIT (4u << 20)
#define KILLED "killed"
#define BLOCKED "blocked"
#define EITHER "either: "
#define UNEXPLAINED "?"

static const char head[] =
	"# The mutants of the server's core: file, function, what stands there,\n"
	"# what it becomes, and its fate: killed, or why it survives. Written by\n"
	"# selftest --mutate --write; reasons are written by hand and kept.\n";

/* A line of the list; what it says is borrowed from the text. */
struct entry {
	char *name; /* the four columns, tabs between them */
	char *fate;
	bool found; /* some mutant has this name */
};

struct list {
	char *text;
	struct entry *entries;
	size_t count;
};

static void free_list(struct list *l)
{
	free(l->text);
	free(l->entries);
}

/* Cut line, which is not a comment, at its fourth tab. */
static int cut(char *line, struct entry *entry)
{
	char *tab = line;

	for (int i = 0; i < 4 && tab; i++)
		tab = strchr(tab + (i > 0), '\t');
	if (!tab || !tab[1])
		return -1;
	*tab = '\0';
	*entry = (struct entry){ .name = line, .fate = tab + 1 };
	return 0;
}

static int read_entries(struct list *l, const char *path, struct error *e)
{
	char *line = l->text, *end;
	size_t number = 0;

	for (; *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		number++;
		if (!*line || *line == '#')
			continue;
		if (cut(line, &l->entries[l->count]))
			return error_set(e, "%s:%zu: has no five columns", path,
					 number);
		l->count++;
	}
	return 0;
}

static int read_list(struct list *l, const char *path, struct error *e)
{
	struct buf b = { 0 };
	size_t lines = 1;

	*l = (struct list){ 0 };
	if (file_read(path, LIST_LIMIT, &b, NULL, e)) {
		buf_free(&b);
		return -1;
	}
	for (size_t i = 0; i < b.len; i++)
		lines += b.ptr[i] == '\n';
	l->text = buf_steal(&b);
	l->entries = calloc(lines, sizeof(*l->entries));
	if (!l->text || !l->entries)
		return error_set(e, "out of memory");
	return read_entries(l, path, e);
}

/* Returns owned the name of mutant n as the list has it; NULL: no memory. */
static char *name_of(unsigned n)
{
	const struct mutant_row *row = &mutant_rows[n];
	struct buf b = { 0 };

	buf_printf(&b, "%s\t%s\t%s\t%s", row->file, row->function, row->there,
		   row->becomes);
	return buf_steal(&b);
}

static struct entry *entry_of(const struct list *l, const char *name)
{
	for (size_t i = 0; i < l->count; i++)
		if (!strcmp(l->entries[i].name, name))
			return &l->entries[i];
	return NULL;
}

static bool is_explained(const struct entry *entry)
{
	return entry && strcmp(entry->fate, KILLED) &&
	       strcmp(entry->fate, BLOCKED) && strcmp(entry->fate, UNEXPLAINED);
}

static bool may_be_killed(const struct entry *entry)
{
	return !strncmp(entry->fate, EITHER, strlen(EITHER));
}

/* Of one that the suite notices. */
static const char *complaint_noticed(const struct entry *entry,
				     const char *fate)
{
	if (!entry)
		return NULL;
	if (!strcmp(entry->fate, fate) || may_be_killed(entry))
		return NULL;
	return is_explained(entry) ? "is noticed after all"
				   : "has another fate";
}

/* What the list should not say of that fate; NULL: it is as it says. */
static const char *complaint(const struct entry *entry, enum fate fate)
{
	if (fate == FATE_NOT_PLAYED)
		return NULL;
	if (fate == FATE_KILLED || fate == FATE_BLOCKED)
		return complaint_noticed(
			entry, fate == FATE_KILLED ? KILLED : BLOCKED);
	if (is_explained(entry))
		return NULL;
	return fate == FATE_UNMET ? "SURVIVES, no scenario comes to it"
				  : "SURVIVES";
}

static int compare_one(const struct mutants *m, unsigned n, struct list *l,
		       struct complaints *c, struct error *e)
{
	char *name = name_of(n);
	struct entry *entry;
	const char *wrong;

	if (!name)
		return error_set(e, "out of memory");
	entry = entry_of(l, name);
	if (entry)
		entry->found = true;
	else
		c->stale++;
	wrong = complaint(entry, m->fates[n]);
	if (wrong)
		printf("%s: %s\n", wrong, name);
	else if (!entry)
		printf("not in the list: %s\n", name);
	c->wrong += wrong != NULL;
	free(name);
	return 0;
}

static unsigned count_gone(const struct list *l)
{
	unsigned gone = 0;

	for (size_t i = 0; i < l->count; i++) {
		if (l->entries[i].found)
			continue;
		printf("in the list, and no mutant any more: %s\n",
		       l->entries[i].name);
		gone++;
	}
	return gone;
}

int mutants_compare(const struct mutants *m, const char *path,
		    struct complaints *c, struct error *e)
{
	struct list l;
	int result = read_list(&l, path, e);

	*c = (struct complaints){ 0 };
	for (unsigned n = 0; n < mutant_count && !result; n++)
		result = compare_one(m, n, &l, c, e);
	if (!result)
		c->stale += count_gone(&l);
	free_list(&l);
	return result;
}

static void write_one(FILE *file, const struct mutants *m, unsigned n,
		      const char *name, const struct entry *entry)
{
	const char *fate = UNEXPLAINED;

	if (entry && may_be_killed(entry))
		fate = entry->fate;
	else if (m->fates[n] == FATE_KILLED)
		fate = KILLED;
	else if (m->fates[n] == FATE_BLOCKED)
		fate = BLOCKED;
	else if (is_explained(entry))
		fate = entry->fate;
	fprintf(file, "%s\t%s\n", name, fate);
}

static int write_all(FILE *file, const struct mutants *m, const struct list *l)
{
	fputs(head, file);
	for (unsigned n = 0; n < mutant_count; n++) {
		char *name = name_of(n);

		if (!name)
			return -1;
		write_one(file, m, n, name, entry_of(l, name));
		free(name);
	}
	return 0;
}

int mutants_write(const struct mutants *m, const char *path, struct error *e)
{
	struct list l;
	FILE *file = NULL;
	int result = read_list(&l, path, e);

	if (!result)
		file = fopen(path, "w");
	if (file) {
		result = write_all(file, m, &l);
		result |= fclose(file);
	}
	if (!e->text[0] && (!file || result))
		result = error_set(e, "%s: %s", path, strerror(errno));
	free_list(&l);
	return result;
}
