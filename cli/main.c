/* SPDX-License-Identifier: MIT */
/*
 * mayfly -- the command line.  Finds the subcommand in the table below and
 * runs it; help, completion and suggestions are made from the same table.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum {
	TYPO_MAX = 2,       /* edits away from a suggestion */
	TYPO_NAME_MAX = 63, /* characters that are compared */
};

static const struct command command_completion, command_help, command_version;

/* In the order of the alphabet; it is also the order of the help. */
static const struct command *const commands[] = {
    &command_completion,
    &command_db_check,
    &command_db_explain,
    &command_db_migrate,
    &command_db_statements,
    &command_help,
    &command_list,
    &command_nginx,
    &command_openapi,
    &command_reference,
    &command_reload,
    &command_role,
    &command_status,
    &command_upgrade,
    &command_version,
};

/* ---- finding a command ---- */

static int
words_in(const char *name)
{
	return strchr(name, ' ') != NULL ? 2 : 1;
}

/* Whether argv begins with the words of name. */
static bool
names(const char *name, int argc, char *argv[])
{
	size_t first = strcspn(name, " ");

	if (argc < words_in(name) || strlen(argv[0]) != first ||
	    strncmp(argv[0], name, first) != 0)
		return false;
	return name[first] == '\0' || strcmp(argv[1], name + first + 1) == 0;
}

static const struct command *
find_command(int argc, char *argv[])
{
	for (size_t i = 0; i < LENGTH(commands); i++)
		if (names(commands[i]->name, argc, argv))
			return commands[i];
	return NULL;
}

static int
smaller(int a, int b)
{
	return a < b ? a : b;
}

/* Insertions, deletions and replacements from a to b (Levenshtein). */
static int
edits(const char *a, const char *b)
{
	int row[TYPO_NAME_MAX + 1], corner, above;
	int la = (int)strlen(a), lb = (int)strlen(b);

	if (la > TYPO_NAME_MAX || lb > TYPO_NAME_MAX)
		return TYPO_NAME_MAX;
	for (int j = 0; j <= lb; j++)
		row[j] = j;
	for (int i = 1; i <= la; i++) {
		corner = row[0];
		row[0] = i;
		for (int j = 1; j <= lb; j++) {
			above = row[j];
			row[j] = smaller(corner + (a[i - 1] != b[j - 1]),
			    smaller(above, row[j - 1]) + 1);
			corner = above;
		}
	}
	return row[lb];
}

/* What was typed, as far as it could be the name of a command. */
static void
join(char to[2 * TYPO_NAME_MAX + 2], int words, int argc, char *argv[])
{
	bool two = words == 2 && argc > 1 && argv[1][0] != '-';

	snprintf(to, 2 * TYPO_NAME_MAX + 2, "%.*s%s%.*s", TYPO_NAME_MAX,
	    argv[0], two ? " " : "", two ? TYPO_NAME_MAX : 0,
	    two ? argv[1] : "");
}

static int
unknown(int argc, char *argv[])
{
	char given[2 * TYPO_NAME_MAX + 2];
	const char *best = NULL;
	int distance, words = 1, least = TYPO_MAX + 1;

	for (size_t i = 0; i < LENGTH(commands); i++) {
		join(given, words_in(commands[i]->name), argc, argv);
		distance = edits(given, commands[i]->name);
		if (distance < least) {
			least = distance;
			best = commands[i]->name;
			words = words_in(best);
		}
	}
	join(given, words, argc, argv);
	cli_fail(CLI_USAGE, NULL, "there is no command \"%s\"", given);
	if (best != NULL)
		fprintf(stderr, "  did you mean: mayfly %s?\n", best);
	fputs("  list them with: mayfly help\n", stderr);
	return CLI_USAGE;
}

/* ---- help and version ---- */

static void
print_usage(FILE *f)
{
	fputs("usage: mayfly COMMAND [OPTION]...\n\n"
	      "A serverless back end on one's own machines.\n\n",
	    f);
	for (size_t i = 0; i < LENGTH(commands); i++)
		fprintf(
		    f, "  %-15s %s\n", commands[i]->name, commands[i]->about);
	fputs("\n  -h, --help       this, or the help of a command\n"
	      "  -V, --version    the version\n\n"
	      "More about one of them: mayfly help COMMAND\n"
	      "Exit codes:",
	    f);
	for (const struct cli_exit_word *w = cli_exit_words; w->word != NULL;
	     w++)
		fprintf(f, " %d %s%s", (int)w->code, w->word,
		    w[1].word != NULL ? "," : ".\n");
}

static void
print_help(const struct command *c)
{
	printf("usage: mayfly %s%s%s\n\n%s\n", c->name,
	    *c->usage != '\0' ? " " : "", c->usage, c->about);
	if (*c->help != '\0')
		printf("\n%s%s", c->help,
		    c->help[strlen(c->help) - 1] == '\n' ? "" : "\n");
}

static int
help(int argc, char *argv[])
{
	const struct command *c;

	if (argc < 2) {
		print_usage(stdout);
		return CLI_OK;
	}
	c = find_command(argc - 1, argv + 1);
	if (c == NULL)
		return unknown(argc - 1, argv + 1);
	print_help(c);
	return CLI_OK;
}

static const struct command command_help = {
    .name = "help",
    .usage = "[COMMAND]",
    .about = "Explain a command, or list all.",
    .help = "",
    .run = help,
};

static int
version(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	puts("mayfly " PACKAGE_VERSION);
	return CLI_OK;
}

static const struct command command_version = {
    .name = "version",
    .usage = "",
    .about = "Print the version.",
    .help = "",
    .run = version,
};

/* ---- completion ---- */

/* The words of the first or second place, each once: they are sorted. */
static void
print_words(const char *before)
{
	char last[TYPO_NAME_MAX + 1] = "";
	size_t skip = strlen(before), len;
	const char *word;

	for (size_t i = 0; i < LENGTH(commands); i++) {
		word = commands[i]->name;
		if (strncmp(word, before, skip) != 0)
			continue;
		word += skip;
		len = strcspn(word, " ");
		if (strlen(last) == len && strncmp(word, last, len) == 0)
			continue;
		printf("%s%.*s", *last != '\0' ? " " : "", (int)len, word);
		snprintf(last, sizeof(last), "%.*s", (int)len, word);
	}
}

/* The options that a help text explains: its words that begin with "--". */
static void
print_options(const struct command *c)
{
	const char *at = c->help;
	size_t len;

	fputs("--help", stdout);
	for (;;) {
		at = strstr(at, "--");
		if (at == NULL)
			return;
		len = strspn(at, "abcdefghijklmnopqrstuvwxyz-");
		if (len > 2 && (at == c->help || at[-1] == ' '))
			printf(" %.*s", (int)len, at);
		at += len;
	}
}

static void
print_cases(void)
{
	char first[TYPO_NAME_MAX + 2], last[TYPO_NAME_MAX + 2] = "";
	size_t len;

	for (size_t i = 0; i < LENGTH(commands); i++) {
		if (words_in(commands[i]->name) != 2)
			continue;
		len = strcspn(commands[i]->name, " ") + 1;
		snprintf(
		    first, sizeof(first), "%.*s", (int)len, commands[i]->name);
		if (strcmp(first, last) == 0)
			continue;
		printf("\t'%.*s ') words='", (int)len - 1, first);
		print_words(first);
		puts("' ;;");
		memcpy(last, first, sizeof(last));
	}
	for (size_t i = 0; i < LENGTH(commands); i++) {
		printf("\t'%s '*) words='", commands[i]->name);
		if (strcmp(commands[i]->name, "help") == 0)
			print_words("");
		else if (strcmp(commands[i]->name, "completion") == 0)
			fputs("bash", stdout);
		else
			print_options(commands[i]);
		puts("' ;;");
	}
}

static int
completion(int argc, char *argv[])
{
	if (argc != 2 || strcmp(argv[1], "bash") != 0)
		return cli_fail(CLI_USAGE,
		    "use it: eval \"$(mayfly completion bash)\"",
		    "completion is for bash");
	puts("# bash completion for mayfly, made by: mayfly completion bash\n"
	     "_mayfly()\n"
	     "{\n"
	     "\tlocal words='' current=${COMP_WORDS[COMP_CWORD]}\n"
	     "\tlocal before=\"${COMP_WORDS[*]:1:COMP_CWORD-1} \"\n"
	     "\tcase ${COMP_WORDS[COMP_CWORD-1]} in\n"
	     "\t-o|--output) before=' -o ' ;;\n"
	     "\t--functions|--migrations|--run-dir|--log-dir|--program|--"
	     "template)\n"
	     "\t\tCOMPREPLY=()\n"
	     "\t\tcompopt -o default\n"
	     "\t\treturn ;;\n"
	     "\tesac\n"
	     "\tcase $before in\n"
	     "\t' -o ') words='table json' ;;");
	fputs("\t' ') words='", stdout);
	print_words("");
	puts("' ;;");
	print_cases();
	puts("\tesac\n"
	     "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" --"
	     " \"$current\")\n"
	     "\tif test ${#COMPREPLY[@]} -eq 0; then\n"
	     "\t\tcompopt -o default\n"
	     "\tfi\n"
	     "}\n"
	     "complete -F _mayfly mayfly");
	return CLI_OK;
}

static const struct command command_completion = {
    .name = "completion",
    .usage = "bash",
    .about = "Print the shell's completion for mayfly.",
    .help = "To use it: eval \"$(mayfly completion bash)\"\n",
    .run = completion,
};

/* ---- main ---- */

static bool
asks_help(int argc, char *argv[])
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "-h") == 0 ||
		    strcmp(argv[i], "--help") == 0)
			return true;
	return false;
}

int
main(int argc, char *argv[])
{
	const struct command *c;
	int words, code;

	if (argc < 2) {
		print_usage(stderr);
		return CLI_USAGE;
	}
	if (strcmp(argv[1], "-V") == 0 || strcmp(argv[1], "--version") == 0)
		return version(0, NULL);
	if (strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "--help") == 0)
		return help(1, argv);
	c = find_command(argc - 1, argv + 1);
	if (c == NULL)
		return unknown(argc - 1, argv + 1);
	words = words_in(c->name);
	if (asks_help(argc - words, argv + words)) {
		print_help(c);
		return CLI_OK;
	}
	code = c->run(argc - words, argv + words);
	if (fflush(stdout) != 0 && code == CLI_OK)
		return cli_fail(CLI_FAILED, NULL, "cannot write the output");
	return code;
}
