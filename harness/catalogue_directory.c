/* SPDX-License-Identifier: MIT */
#include "catalogue.h"

#include "directory.h"

#include <stdlib.h>
#include <sys/stat.h>

static bool is_directory(const char *path)
{
	struct stat is;

	return !stat(path, &is) && S_ISDIR(is.st_mode);
}

/* What a person named must be right: nothing else is tried. */
static char *named(const char *path, const char *by, struct error *e)
{
	char *copy;

	if (!is_directory(path)) {
		error_set(e, "%s: not a directory (from %s)", path, by);
		return NULL;
	}
	copy = slice_copy(slice_str(path));
	if (!copy)
		error_set(e, "no memory");
	return copy;
}

/* Returns owned the path beside the program, or NULL. */
static char *beside_program(void)
{
	char *program = directory_of_program();
	struct buf path = {0};

	if (!program)
		return NULL;
	buf_printf(&path, "%s/../share/pop3spec/scenarios", program);
	free(program);
	return buf_steal(&path);
}

char *catalogue_directory(const char *option, struct error *e)
{
	const char *variable = getenv("POP3SPEC_SCENARIOS");
	char *beside = NULL;

	if (option)
		return named(option, "the command line", e);
	if (variable && *variable)
		return named(variable, "POP3SPEC_SCENARIOS", e);
	if (is_directory(SCENARIOS_SOURCE))
		return named(SCENARIOS_SOURCE, "the build", e);
	beside = beside_program();
	if (beside && is_directory(beside))
		return beside;
	free(beside);
	if (is_directory(SCENARIOS_INSTALLED))
		return named(SCENARIOS_INSTALLED, "the installation", e);
	error_set(e, "no scenarios: neither " SCENARIOS_SOURCE
		     " nor ../share/pop3spec/scenarios beside the program "
		     "nor " SCENARIOS_INSTALLED
		     " is there; name them by POP3SPEC_SCENARIOS");
	return NULL;
}
