#!/bin/sh
# SPDX-License-Identifier: MIT
# Each statement of each function can be prepared and run by the functions'
# role, and returns what is read of it: by the handler, and by the writers of
# blog/ (article_write and its like), with their types.  What several statements
# return for one writer is the same.  The hot ones walk an index and stop after
# the page, on a table that is large enough for it to matter.
. "${top_srcdir:-.}/tests/lib.sh"

# Which types of PostgreSQL each reader takes: common/db_rows.c.
types_of() {
	case $1 in
	db_span | db_text) echo 'text|character varying|name' ;;
	db_int) echo 'bigint|integer|smallint' ;;
	db_bool) echo 'boolean' ;;
	db_time) echo 'timestamp with time zone' ;;
	db_float) echo 'real|double precision' ;;
	db_texts) echo 'text\[\]' ;;
	db_ints) echo '(bigint|integer|smallint)\[\]' ;;
	db_is_null | db_as_text) echo '.*' ;;
	esac
}

readers='db_(span|text|int|bool|time|float|texts|ints|is_null|as_text)[(]'

# reads FILE: FUNCTION READER COLUMN, and "if" for a column that is only read
# on a condition: inside a block of its own.
reads() {
	awk -v readers="$readers" '/^[a-z_]+\(/ { name = $0; sub(/\(.*/, "", name) }
	    {
		line = $0
		while (match(line, readers "[^\"]*\"[a-z_]*\"")) {
			call = substr(line, RSTART, RLENGTH)
			reader = call; sub(/\(.*/, "", reader)
			column = call; gsub(/^[^"]*"|"$/, "", column)
			print name, reader, column, $0 ~ /^\t\t/ ? "if" : ""
			line = substr(line, RSTART + RLENGTH)
		}
	    }' "$1"
}

writer_names='(article|account|comment|moderation|profile|session|mail)_[a-z_]+[(),]'

# writers FILE: the functions of blog/ that it calls or hands on, and those that
# these call.
writers() {
	grep -ohE "$writer_names" "$1" |
	    tr -d '(),' | sort -u | while read -r writer; do
		echo "$writer"
		sed -n "/^$writer(/,/^}/p" "$top"/blog/*.c |
		    grep -oE "$writer_names" |
		    tr -d '(),'
	done | sort -u
}

# columns SQL-FILE NAME: COLUMN|TYPE of each column that it returns.
columns() { psql_cluster -d "$database" -f "$1"; }

# has STATEMENT COLUMN READER: whether it returns that, of a type for it.
has() { grep -qE "^$2\|($(types_of "$3"))\$" "$tmp/columns/$1"; }

fault() { echo "$*" >>"$tmp/faults"; }
judge() {
	is "$(head -n 10 "$tmp/faults")" '' "$1"
	: >"$tmp/faults"
}

db_start
plan 48
mkdir "$tmp/columns" "$tmp/sql"
: >"$tmp/faults"
names=$(cd "$top/cgi-bin" && find . -name '*.sql' | sed 's|^./||; s/\.sql$//' |
    sort)
for name in $names; do
	"$top_builddir/cgi-bin/$name" --describe >"$tmp/fn.json" ||
	    fault "$name does not describe itself"
	for statement in $(jq -r '.statements[].name' "$tmp/fn.json"); do
		{
			jq -j --arg name "$statement" '.statements[] |
			    select(.name == $name) | .sql' "$tmp/fn.json"
			echo ' \gdesc'
		} >"$tmp/sql/$statement"
		columns "$tmp/sql/$statement" >"$tmp/columns/$statement" \
		    2>"$tmp/error" || fault "$statement: $(cat "$tmp/error")"
		"$top_builddir/mayfly" db explain --functions \
		    "$top_builddir/cgi-bin" "$statement" >"$tmp/plan" \
		    2>"$tmp/error" || fault "$statement: $(cat "$tmp/error")"
	done
done
judge 'every statement can be prepared, and the role may run it'
ok "there are many: $(find "$tmp/columns" -type f | wc -l)" \
    test "$(find "$tmp/columns" -type f | wc -l)" -ge 12

# What the handler itself reads, one of its statements returns; what a writer
# reads, each statement returns that returns the writer's first column.
for name in $names; do
	reads "$top/cgi-bin/$name.c" >"$tmp/reads"
	while read -r _ reader column _; do
		for file in "$tmp/columns/$name".*; do
			has "$(basename "$file")" "$column" "$reader" && continue 2
		done
		fault "$name: no statement returns $column for $reader()"
	done <"$tmp/reads"
	for writer in $(writers "$top/cgi-bin/$name.c"); do
		cat "$top"/blog/*.c >"$tmp/blog.c"
		reads "$tmp/blog.c" | grep "^$writer " >"$tmp/reads" || continue
		first=$(grep -v ' if$' "$tmp/reads" | head -n 1 | cut -d ' ' -f 3)
		for file in "$tmp/columns/$name".*; do
			statement=$(basename "$file")
			grep -q "^$first|" "$file" || continue
			while read -r _ reader column condition; do
				test "$condition" != if ||
				    grep -q "^$column|" "$file" || continue
				has "$statement" "$column" "$reader" || fault \
				    "$statement: $writer() reads $column by $reader()"
			done <"$tmp/reads"
			echo "$writer" >>"$tmp/checked"
		done
	done
done
judge 'every column that is read is there, with its type'
is "$(sort -u "$tmp/checked" | tr '\n' ' ')" \
    'account_reply_profile account_write account_write_profile article_refuse article_reply_found article_write_members comment_refuse comment_write_thread moderation_done moderation_done_user moderation_reply_report moderation_reply_role moderation_write_case moderation_write_log session_login session_refuse session_reply ' \
    'of these writers'

# The columns of an article, in the order in which they are read.
article='slug title description tag_list created_at updated_at'
article="$article favorites_count username bio image"
grep -l '^favorites_count|' "$tmp"/columns/* | grep -v /feed >"$tmp/files" # not JSON of ours
while read -r file; do
	is_order=$(cut -d '|' -f 1 "$file" | grep -xE "$(echo "$article" |
	    tr ' ' '|')" | tr '\n' ' ')
	test "$is_order" = "$article " ||
	    fault "$(basename "$file"): $is_order, not $article"
	grep -E "$(echo "^($article)\|" | tr ' ' '|')" "$file" | cksum
done <"$tmp/files" >"$tmp/sums"
judge 'each statement for articles lists their columns in the order of reading'
is "$(sort -u "$tmp/sums" | wc -l)" 1 'and of the same types'

# --- plans ------------------------------------------------------------------

sql "INSERT INTO account (username, email, password_hash)
    SELECT 'user' || n, 'user' || n || '@x.example', 'h'
    FROM generate_series(1, 20000) AS n"
sql "INSERT INTO article (slug, author_id, title, description, body, tag_list,
    published_at) SELECT 'slug' || n, 1 + n % 300, 't', 'd', 'b',
    ARRAY['all', 'tag' || n % 100, 'rare' || n % 5000],
    timestamptz '2025-01-01' + n * interval '1 minute'
    FROM generate_series(1, 15000) AS n"
sql 'INSERT INTO favorite (account_id, article_id)
    SELECT 1 + n % 20, n FROM generate_series(1, 4000) AS n'
sql "INSERT INTO comment (article_id, author_id, body)
    SELECT 1 + n % 200, 1 + n % 300, 'c' FROM generate_series(1, 10000) AS n"
sql "INSERT INTO session (account_id, expires_at)
    SELECT 1 + n % 300, now() FROM generate_series(1, 5000) AS n"
sql 'INSERT INTO follow (follower_id, followed_id)
    SELECT 1 + n % 50, 51 + n FROM generate_series(1, 5000) AS n'
sql 'INSERT INTO follow (follower_id, followed_id)
    SELECT 60, 100 + n FROM generate_series(1, 5000) AS n'
sql 'INSERT INTO block (blocker_id, blocked_id)
    SELECT 1 + n % 40, 5000 + n FROM generate_series(1, 8000) AS n'
sql "INSERT INTO mail_token (account_id, kind, hash, email, expires_at)
    SELECT id, 'verify-email', sha256(id::text::bytea), email, now() + '1 day'
    FROM account"
sql 'VACUUM ANALYZE'

# plan STATEMENT ARGUMENT...: sets $rows (that its nodes have looked at) and
# $scans (of whole tables) and $indexes.
plan_of() {
	"$top_builddir/mayfly" db explain --analyze -o json \
	    --functions "$top_builddir/cgi-bin" "$@" >"$tmp/plan.json"
	jq -r '[.. | objects | select(has("Node Type"))] as $nodes
	    | [($nodes | map(select(.["Relation Name"])
		| (.["Actual Rows"] + (.["Rows Removed by Filter"] // 0))
		  * .["Actual Loops"]) | add | round),
	    ($nodes | map(select(.["Node Type"] == "Seq Scan")
		| .["Relation Name"]) | join(",")),
	    ($nodes | map(.["Index Name"] // empty) | unique | join(","))]
	    | join(" ")' "$tmp/plan.json" >"$tmp/plan"
	IFS=' ' read -r rows scans indexes <<-END
		$(sed 's/  / - /' "$tmp/plan")
	END
}

start='9999999999999999 999999999999999999' # common/page.c
# shellcheck disable=SC2086 # two arguments
{
plan_of article-list.newest-stranger 20 0 $start
is "$scans $indexes" \
    'article_counter account_id_hash,article_due,article_newest' \
    'newest, stranger: walks its index'
ok "and looks at $rows rows" test "$rows" -le 60
plan_of article-list.newest 20 0 $start 7
ok "newest: looks at $rows rows" test "$rows" -le 100
like "$indexes" article_newest 'by its index'
plan_of article-list.by-tag 20 0 $start 7 all
like "$scans $indexes" '^- .*article_tag_pkey' 'by tag: no table is scanned'
ok "and it looks at $rows rows, though 15,000 have it" test "$rows" -le 110
plan_of article-list.by-author 20 0 $start 7 user7
like "$scans $indexes" '^- .*article_author_newest' 'by author: no table either'
ok "which looks at $rows rows" test "$rows" -le 100
plan_of article-list.by-favorited 20 0 $start 7 user7
like "$scans $indexes" '^- .*favorite_newest' 'nor by favourites'
ok "which looks at $rows rows, 200 of them to count" test "$rows" -le 310
plan_of article-feed.followed 20 0 $start 7
like "$scans $indexes" '^- .*article_author_newest' 'nor for a feed'
ok "which looks at $rows rows, by 100 authors" test "$rows" -le 900
plan_of article-feed.followed 20 0 $start 60
like "$scans $indexes" '^- .*article_newest' 'nor for one of 5,000 authors'
ok "which looks at $rows rows, 10,000 of them to count" test "$rows" -le 11500
plan_of article-list.by-several 20 0 $start 7 tag7 user7 NULL
like "$scans" '^-$' 'nor for several filters'
ok "an author's articles with a tag: $rows rows" test "$rows" -le 200
plan_of article-list.search 20 0 7 t
like "$scans $indexes" '^- .*article_newest' 'a word that all have: the newest'
plan_of article-list.search 20 0 7 t tag7
like "$scans $indexes" '^- .*article_search_document' 'with a tag: by its index'
plan_of article-own.by-status 20 0 9999999999999999 999999999999999999 7 draft
like "$scans $indexes" '^- .*article_author_newest' "one's own: by the author"
plan_of article-get.by-slug slug77 7
ok "one article: $rows rows" test "$rows" -le 4
plan_of article-list.newest-stranger 20 10000 $start
ok "the deepest page by offset: $rows rows" test "$rows" -le 10100
# The place of the 15 newest but 10,000: 5000 minutes after the start of 2025.
after="$(date -u -d '2025-01-04 11:20' +%s)000000 999999999999999999"
plan_of article-list.newest-stranger 20 0 $after
ok "and a deeper one by its place: $rows rows" test "$rows" -le 60
plan_of article-list.by-tag 20 0 $after 7 all
ok "also of a tag: $rows rows" test "$rows" -le 110
plan_of article-feed.followed 20 0 $after 7
ok "also of a feed: $rows rows" test "$rows" -le 900
}

# Those that change or show one thing look it up.
for statement in article-update article-delete article-favorite \
    article-unfavorite comment-create comment-delete comment-list profile-get \
    profile-follow profile-unfollow user-update user-get tag-list; do
	for file in "$tmp/sql/$statement".*; do
		statement=$(basename "$file")
		"$top_builddir/mayfly" db explain -o json --functions \
		    "$top_builddir/cgi-bin" "$statement" >"$tmp/plan.json"
		jq -r --arg of "$statement" '.. | objects |
		    select(.["Node Type"] == "Seq Scan") |
		    "\($of) scans \(.["Relation Name"])"' \
		    "$tmp/plan.json" >>"$tmp/faults"
	done
done
judge 'none of those of one object scans a table'

# --- comments, blocks, reports ----------------------------------------------

sql "INSERT INTO comment (article_id, author_id, body)
    SELECT 77, 1 + n % 300, 'c' FROM generate_series(1, 3000) AS n"
sql "INSERT INTO comment (article_id, author_id, body, parent_id)
    SELECT 77, 1 + n % 300, 'c', (SELECT max(id) FROM comment)
    FROM generate_series(1, 3000) AS n"
sql "INSERT INTO report (reporter_id, article_id, reason, status, resolution,
    closed_at) SELECT 1 + n % 300, n, 'spam', s, r, t
    FROM generate_series(1, 4000) AS n, (VALUES ('open', NULL, NULL),
	('closed', 'accepted', now())) AS v (s, r, t)"
sql "INSERT INTO moderation_log (action, username)
    SELECT 'user-suspend', 'x' FROM generate_series(1, 9000)"
sql "UPDATE account SET role = 'moderator' WHERE id = 7"
sql 'VACUUM ANALYZE'

# walks MOST STATEMENT ARGUMENT...: no table is scanned, and few rows are looked
# at.
walks() {
	most=$1
	shift
	plan_of "$@"
	is "$scans $((rows <= most))" '- 1' "$1: walks its index, $rows rows"
}
last=999999999999999999
walks 500 comment-list.newest slug77 7 100 "$last"
walks 1400 comment-threads.newest slug77 7 25 "$last"
walks 500 comment-replies.oldest slug77 7 100 0 "$(sql \
    'SELECT max(id) - 3000 FROM comment')"
walks 20 comment-create.insert slug77 7 text "$(sql \
    'SELECT max(id) FROM comment')"
walks 20 comment-update.change slug77 7 4321 text
walks 20 article-favorite.insert slug77 7
walks 20 profile-follow.insert user9 7
walks 20 profile-block.insert user9 7
walks 90 block-list.newest 7 20 9999999999999999 "$last"
walks 20 article-report.insert slug77 7 spam
walks 20 comment-report.insert slug77 7 spam '' 5000
walks 120 report-list.newest 7 open 20 "$last"
walks 20 report-close.close-it 7 4321 accepted
walks 20 article-hide.hide 7 slug77 r
walks 20 comment-hide.hide 7 slug77 r 5000
walks 20 user-suspend.suspend 7 user9 r
walks 60 moderation-log.newest 7 20 "$last"
