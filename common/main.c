/* SPDX-License-Identifier: MIT */
/*
 * main -- of every function: finds the descriptor that this program holds.
 *
 * FN_DESCRIPTOR puts a pointer to a struct fn_entry into the section mayfly_fn,
 * and the linker says where that begins and ends.
 */
#include <stdio.h>
#include <string.h>

#include "fn_private.h"

extern const struct fn_entry *const __start_mayfly_fn[];
extern const struct fn_entry *const __stop_mayfly_fn[];

/* Of several functions in one program the one that it is called by. */
static const struct fn_entry *
find_entry(const char *program)
{
	const char *slash = strrchr(program, '/');
	const char *called = slash != NULL ? slash + 1 : program;
	char name[DESCRIPTOR_NAME_MAX + 1];

	if (__stop_mayfly_fn - __start_mayfly_fn == 1)
		return *__start_mayfly_fn;
	for (const struct fn_entry *const *e = __start_mayfly_fn;
	     e < __stop_mayfly_fn; e++) {
		fn_name(*e, name);
		if (strcmp(name, called) == 0)
			return *e;
	}
	return NULL;
}

int
main(int argc, char *argv[])
{
	const struct fn_entry *entry = find_entry(argc > 0 ? argv[0] : "");

	if (entry != NULL)
		return fn_program(argc, argv, entry);
	fputs(
	    "call this program by the name of one of its functions:\n", stderr);
	for (const struct fn_entry *const *e = __start_mayfly_fn;
	     e < __stop_mayfly_fn; e++)
		fprintf(stderr, "    %s\n", (*e)->symbol);
	return EXIT_USAGE;
}
