/* SPDX-License-Identifier: MIT */
/*
 * record -- FastCGI records as they are sent: what an instance and mayflyd
 * answer with.  Requests are read by libfcgi.
 * Source: FastCGI Specification 1.0, sections 3.3 and 5.5.
 */
#ifndef RECORD_H
#define RECORD_H

#include "base.h"

enum {
	RECORD_HEADER_BYTES = 8,
	RECORD_CONTENT_MAX = 65528, /* bytes; 16 bits, whole words of 8 */
	RECORD_END_BYTES = 24,
};

/* The header of a FCGI_STDOUT record with len bytes of content, without
 * padding.  id is that of the request. */
void record_stdout(
    unsigned char at[RECORD_HEADER_BYTES], unsigned id, size_t len);

/* What ends a response: an empty FCGI_STDOUT, then FCGI_END_REQUEST with
 * FCGI_REQUEST_COMPLETE. */
void record_end(unsigned char at[RECORD_END_BYTES], unsigned id);

#endif /* RECORD_H */
