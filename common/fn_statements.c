/* SPDX-License-Identifier: MIT */
/* fn_statements -- all statements of a function: its own, and those that the
 * library sends for it.  They are described, prepared and run alike. */
#include "fn_private.h"
#include "session.sql.h"

const struct db_statement *
fn_statements(const struct fn *fn,
    const struct db_statement *list[DESCRIPTOR_STATEMENTS_MAX + 1])
{
	bool session = fn->auth != FN_PUBLIC && fn->statements != NULL;
	int n = 0;

	while (fn->statements != NULL && fn->statements[n] != NULL &&
	       n < FN_OWN_STATEMENTS_MAX) {
		list[n] = fn->statements[n];
		n++;
	}
	if (session)
		list[n++] = &check;
	list[n] = NULL;
	return session ? &check : NULL;
}
