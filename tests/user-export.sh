#!/bin/sh
# SPDX-License-Identifier: MIT
# user-export gives all that is one's own, in as many parts as it takes, and
# nothing that is secret or of others.
. "${top_srcdir:-.}/tests/lib.sh"

# all: every part, one a line, into $tmp/parts
all() {
	fn user-export -t "$ann"
	echo "$body" >"$tmp/parts"
	while next=$(echo "$headers" |
	    sed -n 's/^Link: <.*?\(.*\)>; rel="next"$/\1/p') &&
	    test -n "$next"; do
		fn user-export -t "$ann" -q "$next"
		test "$status" = 200 || break
		echo "$body" >>"$tmp/parts"
	done
}
# exported LIST MEMBER: of all parts
exported() { jq -r ".export.$1[].$2" "$tmp/parts"; }

db_start
ann=$(new_user ann)
bob=$(new_user bob)
a=$(sql "SELECT id FROM account WHERE username = 'ann'")
b=$(sql "SELECT id FROM account WHERE username = 'bob'")
plan 21

fn user-export
is "$status" 401 'no token'
fn user-export -t "$ann"
is "$status $(json '.export | keys_unsorted | join(" ")')" \
    '200 account articles comments favorites following sessions' 'the lists'
is "$(json '.export.account | [.username, .email, .role] | @json')" \
    '["ann","ann@example.org","user"]' 'and the account'
is "$(json '[.export[] | arrays | length] | @json')" '[0,0,0,0,1]' \
    'with one session'
like "$headers" '^Cache-Control: no-store$' 'which nobody keeps'
is "$(echo "$body" | grep -ciE 'argon2|hash|family|refresh')" 0 'nothing secret'

fn article-create -t "$ann" -d '{"article":{"title":"T","description":"D",
    "body":"B","tagList":["x","y"]}}'
slug=$(json .article.slug)
sql "INSERT INTO article (slug, author_id, title, description, body, published_at)
    VALUES ('draft', $a, 't', 'd', 'b', NULL), ('his', $b, 't', 'd', 'b', now())"
fn comment-create -t "$ann" -p /his/comments -d '{"comment":{"body":"hers"}}'
fn comment-create -t "$bob" -p /his/comments -d '{"comment":{"body":"his own"}}'
fn article-favorite -t "$ann" -p /his/favorite -m POST
fn profile-follow -t "$ann" -p /bob/follow -m POST
fn user-export -t "$ann"
is "$(json '[.export.articles[] | [.slug, .body, .tagList, .publishedAt == null]]
    | @json')" "[[\"$slug\",\"B\",[\"x\",\"y\"],false],[\"draft\",\"b\",[],true]]" \
    'articles, a draft among them'
is "$(json '[.export.comments[] | [.article, .body]] | @json')" \
    '[["his","hers"]]' 'comments'
is "$(json '[.export.favorites[].article] | @json')" '["his"]' 'favourites'
is "$(json '[.export.following[].username] | @json')" '["bob"]' \
    'whom she follows'
is "$(echo "$headers" | grep -c ^Link)" 0 'all in one part'

# An article that goes back to be a draft, under another title.
takes_back() {
	sql "UPDATE article SET slug = 'secret-plan', published_at = $1
	    WHERE author_id = $b AND slug IN ('his', 'secret-plan')"
	fn user-export -t "$ann"
}
takes_back NULL
is "$status $(echo "$body" | grep -c secret-plan) $(json \
    '.export | [.comments, .favorites] | map(any(.article == null)) | @json')" \
    '200 0 [true,true]' "somebody else's draft is not named"
takes_back "'2099-01-01'"
is "$status $(echo "$body" | grep -c secret-plan)" '200 0' \
    'nor what is scheduled'
sql "DELETE FROM article WHERE slug = 'secret-plan'"

# More than a part of each list.
sql "INSERT INTO article (slug, author_id, title, description, body)
    SELECT 'many' || n, $a, 't', 'd', repeat('x', 3000)
    FROM generate_series(1, 1500) n"
sql "INSERT INTO comment (article_id, author_id, body)
    SELECT id, $a, repeat(E'\\x01', 900) FROM article"
sql "INSERT INTO favorite (account_id, article_id)
    SELECT $a, id FROM article ON CONFLICT DO NOTHING"
sql "INSERT INTO article (slug, author_id, title, description, body)
    VALUES ('large', $a, 't', 'd', repeat(E'\\x01', 200000)),
    ('behind', $a, 't', 'd', 'b'), ('wide', $a, 't', 'd', repeat('𐍈', 200000))"
sql "INSERT INTO session (account_id, expires_at)
    SELECT $a, now() + interval '1 d' FROM generate_series(1, 2100)"
all
ok "$(wc -l <"$tmp/parts") parts" test "$(wc -l <"$tmp/parts")" -gt 5
ok 'none of them as large as a reply may be' test \
    "$(awk 'length > n { n = length } END { print n }' "$tmp/parts")" -lt 8000000
is "$(exported articles slug | cksum)" "$(sql "SELECT slug FROM article
    WHERE author_id = $a ORDER BY id" | cksum)" 'every article once, in order'
is "$(jq -j '.export.articles[].body' "$tmp/parts" | cksum)" \
    "$(sql "SELECT string_agg(body, '' ORDER BY id) FROM article
	WHERE author_id = $a" | tr -d '\n' | cksum)" 'with all of its text'
is "$(exported comments id | cksum)" "$(sql "SELECT id FROM comment
    WHERE author_id = $a ORDER BY id" | cksum)" 'every comment'
is "$(exported favorites article | sort | cksum) $(exported sessions id | wc -l)" \
    "$(sql "SELECT slug FROM favorite f JOIN article a ON a.id = article_id
	WHERE account_id = $a" | sort | cksum) $(sql "SELECT count(*)
	FROM session WHERE account_id = $a")" 'every favourite and session'
fn user-export -t "$ann" -q after=7_0
is "$status $(json '[.export[] | arrays | length] | add')" '200 0' \
    'behind the last list there is nothing'

bad_input user-export
