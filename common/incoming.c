/* SPDX-License-Identifier: MIT */
/*
 * incoming -- see incoming.h.
 * Source: FastCGI Specification 1.0, sections 4 and 5.  As libfcgi does, and
 * the specification lets us, FCGI_STDIN before the end of FCGI_PARAMS is
 * refused.
 */
#include "incoming.h"

#include <string.h>

void
incoming_open(struct incoming *in, int64_t body_max_bytes)
{
	in->body = buf_new((size_t)body_max_bytes);
	incoming_reset(in);
}

void
incoming_free(struct incoming *in)
{
	buf_free(&in->body);
}

/* Not text, which is long. */
void
incoming_reset(struct incoming *in)
{
	in->request =
	    (struct gateway_request){.variables = in->variables, .body = ""};
	in->variables[0] = NULL;
	in->id = in->wanted = 0;
	in->reply_len = in->header_len = in->begin_len = 0;
	in->begun = in->params_done = false;
	in->pair = (struct incoming_pair){.got = 0};
	in->total = in->text_len = 0;
	in->n = 0;
	buf_reset(&in->body);
}

/* As much of *bytes as there is, and at most *left. */
static struct span
cut(struct span *bytes, size_t *left)
{
	struct span piece = *bytes;

	if (piece.len > *left)
		piece.len = *left;
	bytes->at += piece.len;
	bytes->len -= piece.len;
	*left -= piece.len;
	return piece;
}

/* The first fault is the one that is told. */
static enum incoming_event
refuse_request(struct incoming *in, enum gateway_state why)
{
	if (in->request.state == GATEWAY_WHOLE)
		in->request.state = why;
	return INCOMING_WHOLE;
}

/* ---- variables, and what FCGI_GET_VALUES asks for ---- */

static void
open_variable(struct incoming *in, struct incoming_pair *pair)
{
	pair->kept = in->n < GATEWAY_VARIABLES_MAX &&
	             pair->name_left <= GATEWAY_VARIABLE_NAME_MAX &&
	             pair->value_left <= GATEWAY_VARIABLE_VALUE_MAX &&
	             pair->name_left + pair->value_left <=
	                 GATEWAY_VARIABLES_TOTAL_MAX - in->total;
	if (!pair->kept) {
		(void)refuse_request(in, GATEWAY_VARIABLES_TOO_LARGE);
		return;
	}
	in->total += pair->name_left + pair->value_left;
	in->variables[in->n] = in->text + in->text_len;
}

/* forbidden: a byte besides NUL that may not be in it. */
static void
keep_text(struct incoming *in, struct incoming_pair *pair, struct span piece,
    char forbidden)
{
	if (!pair->kept || piece.len == 0)
		return;
	if (memchr(piece.at, '\0', piece.len) != NULL ||
	    memchr(piece.at, forbidden, piece.len) != NULL) {
		pair->kept = false;
		in->text_len = (size_t)(in->variables[in->n] - in->text);
		(void)refuse_request(in, GATEWAY_VARIABLES_MALFORMED);
		return;
	}
	memcpy(in->text + in->text_len, piece.at, piece.len);
	in->text_len += piece.len;
}

static void
close_variable(struct incoming *in, const struct incoming_pair *pair)
{
	if (pair->kept) {
		in->text[in->text_len++] = '\0';
		in->n++;
	}
	in->variables[in->n] = NULL;
}

static void
take_variables(struct incoming *in, struct span *bytes)
{
	struct incoming_pair *pair = &in->pair;

	if (!pair->open)
		return;
	if (!pair->named) {
		keep_text(in, pair, cut(bytes, &pair->name_left), '=');
		pair->named = pair->name_left == 0;
		if (pair->named && pair->kept)
			in->text[in->text_len++] = '=';
	}
	if (pair->named)
		keep_text(in, pair, cut(bytes, &pair->value_left), '\0');
}

static void
take_value_name(struct incoming *in, struct span *bytes)
{
	struct incoming_pair *pair = &in->asked;
	struct span piece = cut(bytes, &pair->name_left);

	if (pair->kept && piece.len > 0) {
		memcpy(
		    in->value_name + in->value_name_len, piece.at, piece.len);
		in->value_name_len += piece.len;
	}
	pair->named = pair->name_left == 0;
	if (pair->named)
		cut(bytes, &pair->value_left);
}

/* A pair is over as soon as nothing of it is missing: both parts may be
 * empty. */
static void
take_pairs(struct incoming *in, struct incoming_pair *pair, struct span bytes)
{
	bool variable = pair == &in->pair;

	while (bytes.len > 0) {
		if (!pair->open) {
			pair->lengths[pair->got++] = (unsigned char)*bytes.at++;
			bytes.len--;
			pair->open =
			    record_pair(
			        (struct span){(char *)pair->lengths, pair->got},
			        &pair->name_left, &pair->value_left) > 0;
			if (!pair->open)
				continue;
			if (variable) {
				open_variable(in, pair);
			} else {
				in->value_name_len = 0;
				pair->kept =
				    pair->name_left <= sizeof(in->value_name);
			}
		}
		if (variable)
			take_variables(in, &bytes);
		else
			take_value_name(in, &bytes);
		if (!pair->named || pair->value_left > 0)
			continue;
		if (variable)
			close_variable(in, pair);
		else if (pair->kept)
			in->wanted |= record_value(
			    (struct span){in->value_name, in->value_name_len});
		*pair = (struct incoming_pair){.got = 0};
	}
}

/* ---- records ---- */

/* A record that may not come now, or the end of the connection. */
static enum incoming_event
cut_short(struct incoming *in)
{
	if (!in->params_done)
		return INCOMING_CLOSE;
	return refuse_request(in, GATEWAY_BODY_MISMATCH);
}

static enum incoming_event
end_params(struct incoming *in)
{
	if (in->pair.got > 0) /* they end inside a pair */
		return INCOMING_CLOSE;
	in->params_done = true;
	if (in->request.state != GATEWAY_WHOLE)
		return INCOMING_WHOLE;
	in->announced = gateway_content_length(&in->request);
	if (in->announced == -2)
		return refuse_request(in, GATEWAY_BODY_MISMATCH);
	if (in->announced > (int64_t)in->body.max)
		return refuse_request(in, GATEWAY_BODY_TOO_LARGE);
	return INCOMING_MORE;
}

static enum incoming_event
take_body(struct incoming *in, struct span piece)
{
	if (in->announced >= 0 &&
	    piece.len > (size_t)in->announced - in->body.len)
		return refuse_request(in, GATEWAY_BODY_MISMATCH);
	buf_add(&in->body, piece.at, piece.len);
	return in->body.failed ? refuse_request(in, GATEWAY_BODY_TOO_LARGE)
	                       : INCOMING_MORE;
}

static enum incoming_event
end_body(struct incoming *in)
{
	if (in->announced >= 0 && in->body.len != (size_t)in->announced)
		return refuse_request(in, GATEWAY_BODY_MISMATCH);
	if (in->body.len > 0) {
		in->request.body = in->body.data;
		in->request.body_len = in->body.len;
	}
	return INCOMING_WHOLE;
}

static enum incoming_event
begin_request(struct incoming *in)
{
	in->id = in->record.id;
	in->begun = true;
	if (record_role(in->begin) == RECORD_RESPONDER)
		return INCOMING_MORE;
	record_refuse(in->reply, in->id, RECORD_UNKNOWN_ROLE);
	in->reply_len = RECORD_REFUSAL_BYTES;
	return INCOMING_CLOSE;
}

static enum incoming_event
end_record(struct incoming *in)
{
	in->header_len = 0;
	switch (in->content) {
	case INCOMING_BEGIN:
		return begin_request(in);
	case INCOMING_VALUES:
		in->reply_len = record_values(in->reply, in->wanted);
		return INCOMING_REPLY;
	case INCOMING_PARAMS_END:
		return end_params(in);
	case INCOMING_BODY_END:
		return end_body(in);
	case INCOMING_SKIP:
	case INCOMING_PARAMS:
	case INCOMING_BODY:
		break;
	}
	if (in->then == INCOMING_REPLY && in->record.id == 0)
		record_unknown(in->reply, in->record.type);
	else if (in->then == INCOMING_REPLY)
		record_refuse(in->reply, in->record.id, RECORD_CANT_MULTIPLEX);
	else if (in->then == INCOMING_CLOSE) /* FCGI_ABORT_REQUEST */
		record_refuse(in->reply, in->record.id, RECORD_COMPLETE);
	if (in->then != INCOMING_MORE)
		in->reply_len = RECORD_REFUSAL_BYTES;
	return in->then;
}

/* What the record is, from its header.  It takes effect at its end. */
static enum incoming_event
begin_record(struct incoming *in)
{
	const struct record *record = &in->record;
	bool empty = record->len == 0;

	in->then = INCOMING_MORE;
	in->content = INCOMING_SKIP;
	if (record->id == 0 && record->type == RECORD_GET_VALUES) {
		in->content = INCOMING_VALUES;
		in->asked = (struct incoming_pair){.got = 0};
		in->wanted = 0;
	} else if (record->id == 0) {
		in->then = INCOMING_REPLY;
	} else if (record->type == RECORD_BEGIN_REQUEST && !in->begun) {
		in->content = INCOMING_BEGIN;
		if (record->len != RECORD_BEGIN_BYTES)
			return INCOMING_CLOSE;
	} else if (record->type == RECORD_BEGIN_REQUEST &&
	           record->id != in->id) {
		in->then = INCOMING_REPLY;
	} else if (!in->begun || record->id != in->id) {
		return INCOMING_MORE; /* of a request that is not (4.) */
	} else if (record->type == RECORD_ABORT_REQUEST) {
		in->then = INCOMING_CLOSE;
	} else if (record->type == RECORD_PARAMS && !in->params_done) {
		in->content = empty ? INCOMING_PARAMS_END : INCOMING_PARAMS;
	} else if (record->type == RECORD_STDIN && in->params_done) {
		in->content = empty ? INCOMING_BODY_END : INCOMING_BODY;
	} else {
		return cut_short(in);
	}
	return INCOMING_MORE;
}

static enum incoming_event
take_content(struct incoming *in, struct span piece)
{
	switch (in->content) {
	case INCOMING_BEGIN:
		memcpy(in->begin + in->begin_len, piece.at, piece.len);
		in->begin_len += piece.len;
		break;
	case INCOMING_VALUES:
		take_pairs(in, &in->asked, piece);
		break;
	case INCOMING_PARAMS:
		take_pairs(in, &in->pair, piece);
		break;
	case INCOMING_BODY:
		return take_body(in, piece);
	case INCOMING_SKIP:
	case INCOMING_PARAMS_END:
	case INCOMING_BODY_END:
		break;
	}
	return INCOMING_MORE;
}

/* Up to the end of a header, of a content or of a record. */
static enum incoming_event
take_step(struct incoming *in, struct span *bytes)
{
	enum incoming_event event;
	struct span piece;
	size_t left;

	if (in->header_len < RECORD_HEADER_BYTES) {
		left = RECORD_HEADER_BYTES - in->header_len;
		piece = cut(bytes, &left);
		memcpy(in->header + in->header_len, piece.at, piece.len);
		in->header_len += piece.len;
		if (left > 0)
			return INCOMING_MORE;
		if (!record_parse(in->header, &in->record))
			return cut_short(in);
		event = begin_record(in);
	} else if (in->record.len > 0) {
		event = take_content(in, cut(bytes, &in->record.len));
	} else {
		cut(bytes, &in->record.padding);
		event = INCOMING_MORE;
	}
	/* Not before the padding has come: unread, it would reset the
	 * connection under the reply. */
	if (event == INCOMING_MORE && in->record.len == 0 &&
	    in->record.padding == 0)
		return end_record(in);
	return event;
}

enum incoming_event
incoming_take(struct incoming *in, struct span *bytes)
{
	enum incoming_event event = INCOMING_MORE;

	in->reply_len = 0;
	while (event == INCOMING_MORE && bytes->len > 0)
		event = take_step(in, bytes);
	return event;
}

enum incoming_event
incoming_end(struct incoming *in)
{
	in->reply_len = 0;
	return cut_short(in);
}
