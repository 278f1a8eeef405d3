/* SPDX-License-Identifier: MIT */
/* record -- see record.h. */
#include "record.h"

#include <fastcgi.h>
#include <string.h>

static void
header(unsigned char *at, int type, unsigned id, size_t len)
{
	const unsigned char bytes[RECORD_HEADER_BYTES] = {
	    FCGI_VERSION_1,
	    (unsigned char)type,
	    (unsigned char)(id >> 8),
	    (unsigned char)id,
	    (unsigned char)(len >> 8),
	    (unsigned char)len,
	};

	memcpy(at, bytes, sizeof(bytes));
}

void
record_stdout(unsigned char at[RECORD_HEADER_BYTES], unsigned id, size_t len)
{
	header(at, FCGI_STDOUT, id, len);
}

void
record_end(unsigned char at[RECORD_END_BYTES], unsigned id)
{
	/* The body of FCGI_END_REQUEST is zero: exit code 0, complete. */
	memset(at, 0, RECORD_END_BYTES);
	header(at, FCGI_STDOUT, id, 0);
	header(at + RECORD_HEADER_BYTES, FCGI_END_REQUEST, id,
	    sizeof(FCGI_EndRequestBody));
}
