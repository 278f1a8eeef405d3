/* SPDX-License-Identifier: MIT */
/* pg_array -- see pg_array.h. */
#include "pg_array.h"

enum {
	INT32_BYTES = 4,
};

/* Four bytes off the front; false when there are fewer. */
static bool
take(struct span *from, uint32_t *value)
{
	const unsigned char *at = (const unsigned char *)from->at;

	if (from->len < INT32_BYTES)
		return false;
	*value = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	         (uint32_t)at[2] << 8 | at[3];
	from->at += INT32_BYTES;
	from->len -= INT32_BYTES;
	return true;
}

bool
pg_array_open(struct pg_array *a, struct span bytes, uint32_t type)
{
	uint32_t dimensions, nulls, items_type, items, first;

	*a = (struct pg_array){.left = 0};
	if (!take(&bytes, &dimensions) || !take(&bytes, &nulls) ||
	    !take(&bytes, &items_type) || items_type != type)
		return false;
	if (dimensions == 0)
		return bytes.len == 0;
	if (dimensions != 1 || !take(&bytes, &items) || !take(&bytes, &first))
		return false;
	a->rest = bytes;
	a->left = items;
	return true;
}

bool
pg_array_next(struct pg_array *a, struct span *item)
{
	uint32_t len;

	if (a->left == 0 || !take(&a->rest, &len))
		return false;
	a->left--;
	*item = (struct span){.at = NULL};
	if (len == UINT32_MAX) /* -1 */
		return true;
	if (len > a->rest.len)
		return false;
	*item = (struct span){a->rest.at, len};
	a->rest.at += len;
	a->rest.len -= len;
	return true;
}
