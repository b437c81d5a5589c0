/* SPDX-License-Identifier: MIT */
/*
 * Plays files through a fuzz target where there is no libFuzzer:
 *
 *	fuzz_reply [--verbose] [--switch ID]... [--only INVARIANT]
 *		   FILE|DIRECTORY...
 *
 * Prints how many inputs were played; --verbose each before it is. Exit code 2
 * for wrong usage or no input; an invariant that breaks aborts. --switch turns
 * on a defect or oddity of the reference server, --only listens to one
 * invariant: to see that it speaks.
 */
#include "directory.h"
#include "file.h"
#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INPUT_LIMIT (16u << 20)
#define INPUTS_LIMIT 100000

static bool verbose;

/* Each input is played from a block of its own size, for the sanitizer. */
static void play_octets(struct slice octets)
{
	uint8_t *copy = malloc(octets.len ? octets.len : 1);

	if (!copy)
		abort();
	if (octets.len)
		memcpy(copy, octets.ptr, octets.len);
	LLVMFuzzerTestOneInput(copy, octets.len);
	free(copy);
}

static int play_file(const char *path, size_t *played, struct error *e)
{
	struct buf octets = { 0 };
	int failed = file_read(path, INPUT_LIMIT, &octets, NULL, e);

	if (!failed) {
		fuzz_input = path;
		if (verbose)
			fprintf(stderr, "%s\n", path);
		play_octets(buf_slice(&octets));
		++*played;
	}
	buf_free(&octets);
	return failed;
}

static int play_directory(const char *path, int directory, size_t *played,
			  struct error *e)
{
	struct names names = { 0 };
	int failed = directory_list(directory, path, INPUTS_LIMIT, &names, e);

	for (size_t i = 0; i < names.count && !failed; i++) {
		char *file = file_path(path, names.list[i]);

		failed = file ? play_file(file, played, e)
			      : error_set(e, "out of memory");
		free(file);
	}
	names_free(&names);
	return failed;
}

static int play(const char *path, size_t *played, struct error *e)
{
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int failed;

	if (directory < 0)
		return play_file(path, played, e);
	failed = play_directory(path, directory, played, e);
	close(directory);
	return failed;
}

int main(int argc, char **argv)
{
	struct error e = { .text = "nothing to play" };
	size_t played = 0;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--switch") && i + 1 < argc) {
			if (switch_on(&fuzz_switches, argv[++i]))
				continue;
			fprintf(stderr, "no switch is called %s\n", argv[i]);
			return 2;
		}
		if (!strcmp(argv[i], "--only") && i + 1 < argc) {
			fuzz_only = argv[++i];
			continue;
		}
		if (!strcmp(argv[i], "--verbose")) {
			verbose = true;
			continue;
		}
		if (play(argv[i], &played, &e)) {
			fprintf(stderr, "%s\n", e.text);
			return 2;
		}
	}
	printf("%zu inputs\n", played);
	return played ? 0 : 2;
}
