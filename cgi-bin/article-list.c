/* SPDX-License-Identifier: MIT */
/*
 * article-list -- articles, newest first.
 *
 *	GET /api/articles?tag=&author=&favorited=&limit=20&offset=0
 *	    tag		only articles with this tag
 *	    author	only by the user of this name
 *	    favorited	only favourites of the user of this name
 *
 *	200	{"articles":[...],"articlesCount":int}, without bodies; the
 *		count is of all that match
 *	401	a token was sent and is not valid
 *	422	limit or offset is not a number in its range
 *
 * One statement for each single filter, so that each has its own plan, walks
 * its own index and stops after the page; one more for combinations.  In each,
 * $1 is limit, $2 offset, and $3 the reader where there is one; LEFT JOIN keeps
 * the count's row when the page is empty.  LATERAL with LIMIT 1 leaves the
 * planner no join but looking rows up one by one: no whole table is hashed for
 * twenty rows, and the page keeps its order without being sorted again.
 */
#include "article.h"
#include "fn.h"

/* The page's columns, from what makes the articles a in their order. */
#define PAGE_FOR(viewer_columns, a)                                            \
	" LEFT JOIN LATERAL (SELECT " ARTICLE_COLUMNS viewer_columns           \
	" FROM " a                                                             \
	" CROSS JOIN LATERAL (SELECT username, bio, image FROM account"        \
	" WHERE id = a.author_id LIMIT 1) w) p ON true"
#define PAGE_OF(a) PAGE_FOR(", " ARTICLE_VIEWER_COLUMNS("$3"), a)
/* The articles a of the ids that k selects. */
#define WITH_IDS(k)                                                            \
	"(" k ") k CROSS JOIN LATERAL"                                         \
	" (SELECT * FROM article WHERE id = k.id LIMIT 1) a"
#define PAGE_LIMIT " LIMIT $1::bigint OFFSET $2::bigint"
#define NEWEST_FIRST " ORDER BY created_at DESC, id DESC" PAGE_LIMIT
#define ID_OF(name)                                                            \
	"(SELECT id FROM account WHERE lower(username) = lower(" name "::"     \
	"text))"

#define TOTAL                                                                  \
	"SELECT p.*, t.total FROM (SELECT sum(n)::bigint AS total"             \
	" FROM article_counter) t"
#define NEWEST "(SELECT * FROM article" NEWEST_FIRST ") a"

static const struct db_statement newest = {
    "article-list.newest", TOTAL PAGE_OF(NEWEST)};

/* The front page as nearly everybody asks for it.  Not to open favorite and
 * follow, of which a stranger has none, saves a fifth of the time. */
static const struct db_statement newest_stranger = {
    "article-list.newest-stranger", TOTAL PAGE_FOR("", NEWEST)};

static const struct db_statement by_tag = {"article-list.by-tag",
    "SELECT p.*, t.total FROM"
    " (SELECT count(*) AS total FROM article_tag"
    " WHERE tag = $4::text) t" PAGE_OF(
        WITH_IDS("SELECT article_id AS id FROM article_tag WHERE tag = $4::text"
                 " ORDER BY created_at DESC, article_id DESC" PAGE_LIMIT))};

static const struct db_statement by_author = {"article-list.by-author",
    "SELECT p.*, t.total FROM (SELECT " ID_OF(
        "$4") " AS id) u"
              " CROSS JOIN LATERAL (SELECT count(*) AS total FROM article"
              " WHERE author_id = u.id) t" PAGE_OF(
                  "(SELECT * FROM article WHERE author_id = "
                  "u.id" NEWEST_FIRST ") a")};

static const struct db_statement by_favorited = {"article-list.by-favorited",
    "SELECT p.*, t.total FROM (SELECT " ID_OF(
        "$4") " AS id) u"
              " CROSS JOIN LATERAL (SELECT count(*) AS total FROM favorite"
              " WHERE account_id = u.id) t" PAGE_OF(WITH_IDS(
                  "SELECT one.id FROM favorite f"
                  " CROSS JOIN LATERAL (SELECT id, created_at FROM article"
                  " WHERE id = f.article_id LIMIT 1) one WHERE f.account_id = "
                  "u.id"
                  " ORDER BY one.created_at DESC, one.id DESC" PAGE_LIMIT))};

/* $4 tag, $5 author, $6 favorited, at least two of them: the favourites or
 * the author's articles are few enough to look at each. */
static const struct db_statement by_any = {"article-list.by-any",
    "WITH who AS MATERIALIZED (SELECT " ID_OF("$5") " AS author_id, " ID_OF(
        "$6") " AS reader_id), hit AS MATERIALIZED ("
              "SELECT a.id, a.created_at FROM who CROSS JOIN favorite f"
              " CROSS JOIN LATERAL (SELECT * FROM article"
              " WHERE id = f.article_id LIMIT 1) a"
              " WHERE $6::text IS NOT NULL AND f.account_id = who.reader_id"
              " AND ($5::text IS NULL OR a.author_id = who.author_id)"
              " AND ($4::text IS NULL OR $4::text = ANY (a.tag_list))"
              " UNION ALL"
              " SELECT a.id, a.created_at FROM who CROSS JOIN article a"
              " WHERE $6::text IS NULL AND a.author_id = who.author_id"
              " AND $4::text = ANY (a.tag_list))"
              " SELECT p.*, t.total FROM (SELECT count(*) AS total FROM hit) "
              "t" PAGE_OF(WITH_IDS("SELECT id FROM hit" NEWEST_FIRST))};

static const struct fn_input inputs[] = {
    {"tag", FN_QUERY, FN_LINE, false, 1, ARTICLE_TAG_MAX,
        .about = "only with this tag"},
    {"author", FN_QUERY, FN_LINE, false, 1, 128, .about = "only by this user"},
    {"favorited", FN_QUERY, FN_LINE, false, 1, 128,
        .about = "only favourites of this user"},
    {"limit", FN_QUERY, FN_INT, false, 1, 1000, .or_else = "20",
        .about = "at most so many"},
    {"offset", FN_QUERY, FN_INT, false, 0, 1000000000, .or_else = "0",
        .about = "leave out so many at the start"},
    {0},
};

/* The statement for the filters that are given, and its arguments. */
static enum db_status
query(const struct req *req, struct db_rows *rows)
{
	const char *limit = req_text(req, "limit");
	const char *offset = req_text(req, "offset");
	const char *tag = req_text(req, "tag");
	const char *author = req_text(req, "author");
	const char *fan = req_text(req, "favorited");
	const char *me = req->user_id;

	switch ((tag != NULL) + (author != NULL) + (fan != NULL)) {
	case 0:
		if (me == NULL)
			return db_query(req->db, rows, &newest_stranger,
			    DB_ARGS(limit, offset));
		return db_query(
		    req->db, rows, &newest, DB_ARGS(limit, offset, me));
	case 1:
		return db_query(req->db, rows,
		    tag != NULL      ? &by_tag
		    : author != NULL ? &by_author
		                     : &by_favorited,
		    DB_ARGS(limit, offset, me,
		        tag != NULL      ? tag
		        : author != NULL ? author
		                         : fan));
	default:
		return db_query(req->db, rows, &by_any,
		    DB_ARGS(limit, offset, me, tag, author, fan));
	}
}

static enum http_status
article_list(struct req *req, struct reply *reply)
{
	unsigned parts = req->user_id != NULL ? ARTICLE_VIEWER : 0;
	struct db_rows rows;
	enum db_status st;

	st = query(req, &rows);
	if (st != DB_OK)
		return reply_db(reply, st);

	out_begin(&reply->out, NULL);
	out_list(&reply->out, "articles");
	if (db_text(&rows, 0, "slug") != NULL) {
		for (int i = 0; i < rows.n; i++)
			article_write(&reply->out, NULL, &rows, i, parts);
	}
	out_end(&reply->out);
	out_int(&reply->out, "articlesCount", db_int(&rows, 0, "total"));
	out_end(&reply->out);
	return HTTP_OK;
}

static const struct fn fn = {
    .name = "article-list",
    .route = "GET /api/articles",
    .about = "Articles, newest first.",
    .auth = FN_OPTIONAL,
    .inputs = inputs,
    .statements = (const struct db_statement *const[]){&newest,
        &newest_stranger, &by_tag, &by_author, &by_favorited, &by_any, NULL},
    .cache_tags = "articles",
    .handle = article_list,
};

int
main(int argc, char *argv[])
{
	return fn_main(argc, argv, &fn);
}
