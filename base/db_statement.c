/* SPDX-License-Identifier: MIT */
/* db_statement -- see db_statement.h. */
#include "db_statement.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

void
db_statement_prepared(
    const char *name, const char *sql, char out[DB_STATEMENT_PREPARED_MAX])
{
	uint64_t hash = 0xcbf29ce484222325; /* FNV-1a, RFC 9923 */

	for (; *sql != '\0'; sql++)
		hash = (hash ^ (unsigned char)*sql) * 0x100000001b3;
	snprintf(out, DB_STATEMENT_PREPARED_MAX, "%.46s@%016llx", name,
	    (unsigned long long)hash);
}

/* Behind white space and comments, of which those between slash and star may
 * stand inside each other (PostgreSQL manual, 4.1.5). */
static const char *
skip_blank(const char *sql)
{
	int depth = 0;

	for (; *sql != '\0'; sql++) {
		if (sql[0] == '/' && sql[1] == '*') {
			depth++;
			sql++;
		} else if (depth > 0 && sql[0] == '*' && sql[1] == '/') {
			depth--;
			sql++;
		} else if (depth == 0 && sql[0] == '-' && sql[1] == '-') {
			sql += strcspn(sql, "\n");
			if (*sql == '\0')
				break;
		} else if (depth == 0 && strchr(" \t\r\n\f", *sql) == NULL) {
			break;
		}
	}
	return sql;
}

const char *
db_statement_problem(const char *sql)
{
	static const char *const verbs[] = {"SELECT", "INSERT", "UPDATE",
	    "DELETE", "MERGE", "VALUES", "TABLE", "WITH"};
	static const char *const borders[] = {"BEGIN", "START", "COMMIT", "END",
	    "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE"};
	const char *first;
	size_t len;

	first = skip_blank(sql);
	while (*first == '(')
		first = skip_blank(first + 1);
	len = strspn(first, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                    "abcdefghijklmnopqrstuvwxyz_");
	if (*first == '\0')
		return "is empty";
	for (size_t i = 0; i < LENGTH(verbs); i++) {
		if (strlen(verbs[i]) == len &&
		    strncasecmp(first, verbs[i], len) == 0)
			return NULL;
	}
	for (size_t i = 0; i < LENGTH(borders); i++) {
		if (strlen(borders[i]) == len &&
		    strncasecmp(first, borders[i], len) == 0)
			return "begins or ends a transaction; "
			       "say .atomic = true in the descriptor";
	}
	return "is no SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES, TABLE or"
	       " WITH, which alone can be prepared";
}
