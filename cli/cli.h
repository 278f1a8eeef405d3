/* SPDX-License-Identifier: MIT */
/*
 * cli -- the subcommands of mayfly.  One file each; the list is in main.c and
 * help text and completion are made from it.
 *
 * stdout carries data, stderr progress and errors.  Exit codes: enum cli_exit.
 */
#ifndef CLI_H
#define CLI_H

#include <stdio.h>

#include "base.h"

struct json_object; /* json-c */

/* What a user of a command line can act on. */
enum cli_exit {
	CLI_OK = 0,
	CLI_FAILED = 1,
	CLI_USAGE = 2,
	CLI_NOT_FOUND = 3,
	CLI_CONFLICT = 5,
	CLI_UNHEALTHY = 6, /* new code was tried, and does not work */
};

/* Each of them in a word, for the help; up to one without. */
extern const struct cli_exit_word {
	enum cli_exit code;
	const char *word;
} cli_exit_words[];

struct command {
	const char *name;  /* one or two words: "db migrate" */
	const char *usage; /* what follows the name: "[--dry-run] FOLDER" */
	const char *about; /* one line */
	const char *help;  /* the options, a line each; "" for none */
	int (*run)(int argc, char *argv[]); /* argv[0] is the last word */
};

extern const struct command command_db_check;
extern const struct command command_db_explain;
extern const struct command command_db_migrate;
extern const struct command command_db_statements;
extern const struct command command_delete;
extern const struct command command_deploy;
extern const struct command command_list;
extern const struct command command_nginx;
extern const struct command command_openapi;
extern const struct command command_promote;
extern const struct command command_reference;
extern const struct command command_reload;
extern const struct command command_role;
extern const struct command command_rollback;
extern const struct command command_status;
extern const struct command command_upgrade;
extern const struct command command_versions;

/* "mayfly: TEXT" on stderr. */
void cli_say(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* "mayfly: error: ..." on stderr, then what to do next when hint is not NULL.
 * Returns code. */
int cli_fail(enum cli_exit code, const char *hint, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* After getopt_long() gave '?' or ':' (opterr is 0): names the option that is
 * wrong and the help to read.  Returns CLI_USAGE. */
int cli_bad_option(const struct command *command, char *argv[]);

/* n bytes, never NULL: without memory the command ends with CLI_FAILED. */
void *cli_alloc(size_t n) MUST_CHECK __attribute__((malloc));
void *cli_realloc(void *p, size_t n) MUST_CHECK;

/* The value of -o/--output: "table" or "json".  False when it is neither. */
bool cli_output(const char *value, bool *json) MUST_CHECK;

/* Whether colour fits: f is a terminal, and NO_COLOR is not set. */
bool cli_color(FILE *f);

/* A table on stdout; cells holds rows * columns texts, the first row is the
 * heading.  Columns that hold only numbers are set to the right. */
void cli_table(const char *const *cells, int rows, int columns);

/* Where mayflyd's sockets are: option, MAYFLY_RUN_DIR, or "./var/run". */
const char *cli_run_dir(const char *option);

/* Where the functions are: option or MAYFLY_FUNCTIONS; NULL for neither. */
const char *cli_functions(const char *option);

enum {
	/* A reload asks every function to describe itself, 2 s at the most
	 * for one that hangs. */
	CLI_ANSWER_MAX_MS = 30000,
};

/*
 * Ask mayflyd: send a line ("status\n") to RUN_DIR/mayflyd.sock and read the
 * JSON object that answers it, within CLI_ANSWER_MAX_MS.  On CLI_OK *answer is
 * the caller's (json_object_put); otherwise the error is printed already.
 */
int cli_ask(const char *run_dir, const char *line,
    struct json_object **answer) MUST_CHECK;

/* Whether mayflyd answers there; says nothing. */
bool cli_reaches(const char *run_dir) MUST_CHECK;

/* The text of a member, "" when it is missing or no text; its number, or 0; and
 * its list with the length, 0 when it is none. */
const char *cli_text(struct json_object *from, const char *key);
int64_t cli_number(struct json_object *from, const char *key);
size_t cli_list(
    struct json_object *from, const char *key, struct json_object **list);

#endif /* CLI_H */
