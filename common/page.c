/* SPDX-License-Identifier: MIT */
/* page -- see page.h. */
#include "page.h"

#include <inttypes.h>
#include <string.h>

#include "arena.h"
#include "fn.h"
#include "req_private.h"
#include "url.h"

struct page_place
page_after(const struct req *req, int after)
{
	const char *text = req_text(req, after);
	size_t len;

	if (text == NULL)
		return (struct page_place){
		    "9999999999999999", "999999999999999999"};
	len = strcspn(text, "_");
	return (struct page_place){
	    arena_copy(req->arena, text, len), text + len + 1};
}

static void
write_encoded(struct buf *b, const char *text)
{
	char *room = buf_room(b, URL_ENCODED_MAX(strlen(text)));

	if (room != NULL)
		b->len += url_encode(text, URL_UNRESERVED, room);
}

/* The input that stands for a :name of the path. */
static int
find_param(const struct fn_inputs *inputs, struct span name)
{
	int i = 0;

	while (inputs->list[i].in != FN_PATH ||
	       strlen(inputs->list[i].name) != name.len ||
	       memcmp(inputs->list[i].name, name.at, name.len) != 0)
		i++;
	return i;
}

/* The route, each :name by what it was called with. */
static void
write_path(struct buf *b, const struct req *req)
{
	const struct fn *fn = req->private->fn;
	const char *at = strchr(fn->route, ' ') + 1;
	struct span name;

	for (;;) {
		size_t len = strcspn(at, ":");

		buf_add(b, at, len);
		if (at[len] == '\0')
			return;
		name.at = at + len + 1;
		name.len = strcspn(name.at, "/");
		write_encoded(b, req_text(req, find_param(&fn->inputs, name)));
		at = name.at + name.len;
	}
}

/* The parameters that were given, but where the page begins. */
static void
write_query(struct buf *b, const struct req *req)
{
	const struct fn_inputs *inputs = &req->private->fn->inputs;

	for (int i = 0; i < inputs->n; i++) {
		const char *name = inputs->list[i].name;

		if (inputs->list[i].in != FN_QUERY || !req_has(req, i) ||
		    strcmp(name, "offset") == 0 || strcmp(name, "after") == 0)
			continue;
		write_encoded(b, name);
		buf_text(b, "=");
		write_encoded(b, req_text(req, i));
		buf_text(b, "&");
	}
}

void
page_link(struct req *req, struct reply *reply, int64_t time_us, int64_t id)
{
	struct buf b = buf_new(REPLY_HEAD_MAX_BYTES);

	buf_text(&b, "<");
	write_path(&b, req);
	buf_text(&b, "?");
	write_query(&b, req);
	buf_format(
	    &b, "after=%" PRId64 "_%" PRId64 ">; rel=\"next\"", time_us, id);
	if (!b.failed)
		reply_header(
		    reply, "Link", arena_copy(req->arena, b.data, b.len));
	buf_free(&b);
}

enum http_status
page_reply(struct req *req, struct reply *reply, struct db_rows *page,
    int limit, const char *key,
    void (*write)(
        struct out *o, const char *key, struct db_rows *rows, int row))
{
	int n = db_is_null(page, 0, "id") ? 0 : page->n;

	out_begin(&reply->out, NULL);
	out_list(&reply->out, key);
	for (int i = 0; i < n; i++)
		write(&reply->out, NULL, page, i);
	out_end(&reply->out);
	out_end(&reply->out);
	if (n == req_int(req, limit))
		page_link(req, reply, db_time(page, n - 1, "created_at"),
		    db_int(page, n - 1, "id"));
	return HTTP_OK;
}
