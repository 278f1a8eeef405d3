/* SPDX-License-Identifier: MIT */
/*
 * role -- "mayfly role": make a user a moderator, an admin, or neither, as the
 * owner of the database: so the first admin comes, and the last one back.
 *
 * In: the name of a user who is registered.  Out: a line that says what he is
 * now.  It counts from his next request on, and stands in the moderation log
 * without a moderator's name, when it was another role before.
 */
#include <string.h>

#include "cli.h"
#include "db-direct.h"

static const char set_role[] =
    "WITH him AS (SELECT id, username, role FROM account"
    " WHERE lower(username) = lower($1::text) FOR NO KEY UPDATE),"
    " now AS (UPDATE account SET role = $2::text FROM him"
    " WHERE account.id = him.id AND him.role <> $2::text"
    " RETURNING account.username),"
    " line AS (INSERT INTO moderation_log (action, username, outcome)"
    " SELECT 'user-role', username, $2::text FROM now)"
    " SELECT username FROM him";

static bool
is_role(const char *text)
{
	return strcmp(text, "user") == 0 || strcmp(text, "moderator") == 0 ||
	       strcmp(text, "admin") == 0;
}

static int
role(int argc, char *argv[])
{
	const char *args[2];
	PGresult *res;
	PGconn *conn;
	int code;

	if (argc > 1 && argv[1][0] == '-' && strcmp(argv[1], "--") != 0)
		return cli_fail(CLI_USAGE, "see: mayfly help role",
		    "there is no option \"%s\"", argv[1]);
	if (argc > 1 && strcmp(argv[1], "--") == 0) {
		argc--;
		argv++;
	}
	if (argc != 3 || !is_role(argv[2]))
		return cli_fail(CLI_USAGE, "see: mayfly help role",
		    "name a user, and user, moderator or admin");
	args[0] = argv[1];
	args[1] = argv[2];
	code = db_direct_open(&conn);
	if (code != CLI_OK)
		return code;
	res = db_direct_query(conn, set_role, args, LENGTH(args));
	if (res == NULL)
		code = CLI_FAILED;
	else if (PQntuples(res) == 0)
		code = cli_fail(CLI_NOT_FOUND,
		    "a user registers first, by POST /api/users",
		    "nobody is called \"%s\"", args[0]);
	else
		printf("%s: %s\n", PQgetvalue(res, 0, 0), args[1]);
	PQclear(res);
	PQfinish(conn);
	return code;
}

const struct command command_role = {
    .name = "role",
    .usage = "USERNAME user|moderator|admin",
    .about = "Make a user a moderator, an admin, or neither.",
    .help = "The first admin comes so; he makes others by\n"
            "PUT /api/admin/users/:username/role.  It counts from the user's\n"
            "next request on.\n",
    .run = role,
};
