#!/bin/sh
# SPDX-License-Identifier: MIT
# What is not published (a draft, one that is scheduled, one that is hidden)
# nobody but its author sees, in no list, count, feed, tag or search; what has
# become due everybody sees, before and after it is folded into the counters;
# and what was taken back is gone.  Every count is that of a recount.
. "${top_srcdir:-.}/tests/lib.sh"

# Everything that a reader can see of articles: bob, who follows ann and has her
# articles as his favourites, and a stranger.  The name of each place where the
# word is found, and the counts.
seen() {
	_word=$1
	for _who in '' "$bob"; do
		for _query in '' tag=secret author=ann favorited=bob \
		    'tag=secret&author=ann' 'author=ann&favorited=bob' \
		    offset=1 limit=1 after=9999999999999998_9 \
		    q=secret q=secrett 'q=secret&author=ann&tag=secret'; do
			fn article-list -q "$_query" ${_who:+-t "$_who"}
			found "list?$_query"
		done
		fn article-get -p "/$slug" ${_who:+-t "$_who"}
		found get
		fn comment-list -p "/$slug/comments" ${_who:+-t "$_who"}
		test "$status" = 404 || echo comments
	done
	fn article-feed -t "$bob"
	found feed
	fn article-own -t "$bob"
	found own
	fn tag-list
	found tags
	_word=/article/ # a feed says what it is of
	for _query in '' tag=secret author=ann; do
		fn feed -p /rss -q "$_query"
		found "rss?$_query"
		fn feed -p /json -q "$_query"
		found "json?$_query"
	done
	fn sitemap -q part=1
	found sitemap
}

# found PLACE: whether the answer has the word, or counts more than it shows.
found() {
	case $body in
	*"$_word"*) echo "$1" ;;
	esac
	_count=$(printf '%s' "$body" | jq -r '.articlesCount // 0' 2>/dev/null)
	_count=${_count:-0}
	test "$_count" = 0 || echo "$1 counts $_count"
}

# what bob and a stranger may do to it: the statuses.
touched() {
	fn article-favorite -p "/$slug/favorite" -t "$bob" -m POST
	echo "$status"
	fn article-unfavorite -p "/$slug/favorite" -t "$bob" -m DELETE
	echo "$status"
	fn comment-create -p "/$slug/comments" -t "$bob" \
	    -d '{"comment":{"body":"c"}}'
	echo "$status"
	fn article-update -p "/$slug" -t "$bob" -m PUT \
	    -d '{"article":{"body":"c"}}'
	echo "$status"
	fn article-delete -p "/$slug" -t "$bob" -m DELETE
	echo "$status"
}

put() {
	fn article-update -t "$ann" -p "/$slug" -m PUT \
	    -d "{\"article\":{\"publishedAt\":$1}}"
}

# The clock goes on: what is scheduled has been so for a moment that has now
# passed.  As when time passes, no trigger sees it.
becomes_due() {
	sql "SET session_replication_role = replica;
	    UPDATE article SET published_at = now() - interval '1 minute'
	    WHERE published_at > now();
	    UPDATE article_tag SET listed_at = a.listed_at FROM article a
	    WHERE a.id = article_id;
	    UPDATE favorite SET listed_at = a.listed_at FROM article a
	    WHERE a.id = article_id;
	    UPDATE article_search SET listed_at = a.listed_at FROM article a
	    WHERE a.id = article_id"
}

# What the counters say, beside a recount of what they count.
miscounted() {
	sql "SELECT 'all', (SELECT sum(n) FROM article_counter), count(*)
	    FROM article WHERE counted
	    HAVING count(*) <> (SELECT sum(n) FROM article_counter)"
	sql "SELECT w.username, w.articles_count FROM account w
	    WHERE w.articles_count <> (SELECT count(*) FROM article
	    WHERE author_id = w.id AND counted)"
	sql "SELECT coalesce(a.tag, t.tag), a.n, t.articles_count FROM
	    (SELECT one COLLATE \"C\" AS tag, count(DISTINCT id) AS n
	    FROM article, unnest(tag_list) AS one WHERE counted GROUP BY 1) a
	    FULL JOIN tag t ON t.tag = a.tag
	    WHERE a.n IS DISTINCT FROM t.articles_count"
	sql "SELECT 'tags', a.id FROM article a
	    WHERE (SELECT count(*) FROM article_tag WHERE article_id = a.id
		AND listed_at = a.listed_at) <> CASE
		WHEN a.listed_at IS NULL THEN 0
		ELSE (SELECT count(DISTINCT t) FROM unnest(a.tag_list) t) END"
	sql "SELECT 'favorites', a.id FROM article a WHERE a.favorites_count <>
	    (SELECT count(*) FROM favorite WHERE article_id = a.id)"
	sql "SELECT 'comments', a.id FROM article a WHERE a.comments_count <>
	    (SELECT count(*) FROM comment WHERE article_id = a.id)"
	sql "SELECT 'due', id FROM article WHERE counted
	    <> coalesce(listed_at <= now(), false) AND NOT (NOT counted
	    AND listed_at <= now())"
}

everywhere="$(for _who in stranger bob; do
	for _query in '' tag=secret author=ann favorited=bob \
	    'tag=secret&author=ann' 'author=ann&favorited=bob'; do
		echo "list?$_query"
		echo "list?$_query counts 1"
	done
	echo 'list?offset=1 counts 1'
	printf '%s\n' 'list?limit=1' 'list?limit=1 counts 1'
	echo 'list?after=9999999999999998_9'
	echo 'list?after=9999999999999998_9 counts 1'
	for _query in q=secret q=secrett 'q=secret&author=ann&tag=secret'; do
		printf '%s\n' "list?$_query" "list?$_query counts 1"
	done
	printf '%s\n' get comments
done
printf '%s\n' feed 'feed counts 1' tags
for _query in '' tag=secret author=ann; do
	printf '%s\n' "rss?$_query" "json?$_query"
done
echo sitemap)"

db_start
ann=$(new_user ann)
bob=$(new_user bob)
fn profile-follow -p /ann/follow -t "$bob" -m POST
plan 27

# A favourite from when it was published.
fn article-create -t "$ann" -d '{"article":{"title":"The secret","description":
    "secret","body":"secret","tagList":["secret","secret two"]}}'
slug=$(json .article.slug)
fn article-favorite -p "/$slug/favorite" -t "$bob" -m POST
is "$status" 200 'a favourite'
is "$(seen secret)" "$everywhere" 'what is published is seen everywhere'
is "$(miscounted)" '' 'and counted'

put null
is "$status" 200 'it is taken back'
is "$(seen secret)" '' 'and seen nowhere, and counted nowhere'
is "$(touched | sort -u)" 404 'nor can others do anything to it'
is "$(miscounted)" '' 'the counts are right'
fn article-get -p "/$slug" -t "$ann"
is "$status" 200 'its author has it'
fn article-favorite -p "/$slug/favorite" -t "$ann" -m POST
is "$status" 200 'and can do with it what he likes'
fn article-list -q favorited=ann -t "$ann"
is "$body" '{"articles":[],"articlesCount":0}' \
    'but his own lists are those of everybody'
fn article-unfavorite -p "/$slug/favorite" -t "$ann" -m DELETE

put '"2099-01-01T00:00:00Z"'
is "$(seen secret)" '' 'scheduled, it is seen nowhere'
is "$(touched | sort -u)" 404 'nor touched'
is "$(miscounted)" '' 'nor counted'
becomes_due
is "$(sql 'SELECT count(*) FROM article WHERE counted')" 0 \
    'it has become due, and no counter knows'
is "$(seen secret)" "$everywhere" 'yet it is seen everywhere, and counted'
is "$(miscounted)" '' 'the counters are right'

# The next who writes folds it in: another one, to which the test is blind.
fn article-create -t "$bob" -d '{"article":{"title":"other","description":"d",
    "body":"b","publishedAt":null}}'
is "$(sql 'SELECT counted FROM article ORDER BY id' | tr '\n' ' ')" 't f ' \
    'the next writer folds it in'
sql 'DELETE FROM article WHERE NOT counted'
is "$(seen secret)" "$everywhere" 'and it is seen and counted as before'
is "$(miscounted)" '' 'the counters have it'

sql 'UPDATE article SET hidden_at = now()'
is "$(seen secret)" '' 'what a moderator has hidden is seen nowhere'
is "$(miscounted)" '' 'nor counted'
put '"2099-01-01T00:00:00Z"'
sql 'UPDATE article SET hidden_at = NULL'
is "$(seen secret)" '' 'scheduled meanwhile, it is not seen when it is shown again'
put '"2000-01-01T00:00:00Z"'
is "$(seen secret)" "$everywhere" 'published, it is'

# With the real clock: nobody need do anything.
put "\"$(date -u -d '+2 seconds' +%Y-%m-%dT%H:%M:%SZ)\""
is "$status" 200 'scheduled for in two seconds'
listed() {
	fn article-list -q tag=secret
	test "$(json .articlesCount)" = 1
}
ok 'it comes by itself' wait_for listed
is "$(miscounted)" '' 'and the counters are right'

# Another writer has the tag "a" and then takes "secret", which is due: who folds
# that in while he adds to "a" takes both in order, and so waits for "a" alone.
put '"2099-01-01T00:00:00Z"'
becomes_due
sql "INSERT INTO tag VALUES ('a', 0), ('secret', 0)"
mkfifo "$tmp/owner"
psql_cluster -d "$database" <"$tmp/owner" >"$tmp/said" 2>&1 &
owner=$!
exec 3>"$tmp/owner"
echo "BEGIN; UPDATE tag SET articles_count = 0 WHERE tag = 'a';" >&3
elsewhere() { # CONDITION: of one other session
	test "$(sql "SELECT count(*) FROM pg_stat_activity
	    WHERE datname = '$database' AND $1")" = 1
}
wait_for elsewhere "state = 'idle in transaction'"
(
	wait_for elsewhere "wait_event_type = 'Lock'"
	echo "UPDATE tag SET articles_count = 0 WHERE tag = 'secret'; COMMIT;" >&3
) &
fn article-create -t "$bob" -d '{"article":{"title":"third","description":"d",
    "body":"b","tagList":["a"]}}'
exec 3>&-
wait "$owner"
is "$status $(cat "$tmp/said") $(miscounted)" '201  ' \
    'who folds does not wait in a circle'
