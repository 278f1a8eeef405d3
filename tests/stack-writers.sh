#!/bin/sh
# SPDX-License-Identifier: MIT
# Many who write and read the same articles at once: each gets the answer that
# he should, nobody waits in a circle, and every count is what a recount finds.
# CLIENTS=100 SECONDS_OF_LOAD=30 sh tests/stack-writers.sh is the long form.
. "${top_srcdir:-.}/tests/lib.sh"

: "${CLIENTS:=8}" "${SECONDS_OF_LOAD:=4}"

# ask WANTED METHOD PATH [TOKEN [BODY]]: notes any other status in $out.
ask() {
	_wanted=$1 _method=$2 _path=$3 _token=${4-} _body=${5-}
	_status=$(curl -s --noproxy '*' --max-time 20 -X "$_method" \
	    -o "$out.body" -w '%{http_code}' \
	    ${_token:+-H "Authorization: Token $_token"} \
	    ${_body:+-H 'Content-Type: application/json' -d "$_body"} \
	    "$url/api$_path")
	case " $_wanted " in
	*" $_status "*) echo "$_status" >>"$out" ;;
	*) echo "$_method $_path: $_status $(head -c 200 "$out.body")" \
		>>"$out.faults" ;;
	esac
}

# One of the articles that all share, which nobody deletes.
shared() { echo "shared-$((($1 * 7 + $2) % 10))"; }

writer() {
	out=$tmp/writer$1 token=$(cat "$tmp/token$1") n=0
	: >"$out.faults"
	while test "$(date +%s)" -lt "$end"; do
		n=$((n + 1)) s=$(shared "$1" "$n")
		ask 201 POST /articles "$token" "{\"article\":{\"title\":\"w$1\",
		    \"description\":\"d\",\"body\":\"b\",
		    \"tagList\":[\"t$((n % 5))\",\"u$((n % 3))\"]}}"
		own=$(jq -r .article.slug "$out.body")
		ask 200 POST "/articles/$s/favorite" "$token"
		ask 201 POST "/articles/$s/comments" "$token" \
		    '{"comment":{"body":"c"}}'
		id=$(jq -r .comment.id "$out.body")
		ask 200 PUT "/articles/$own" "$token" \
		    "{\"article\":{\"tagList\":[\"u$((n % 4))\",\"x\"]}}"
		test $((n % 2)) = 1 ||
		    ask 204 DELETE "/articles/$s/comments/$id" "$token"
		test $((n % 3)) = 0 ||
		    ask 200 DELETE "/articles/$s/favorite" "$token"
		# The newest may be deleted by its author meanwhile.
		newest=$(curl -s --noproxy '*' "$url/api/articles?limit=1" |
		    jq -r '.articles[0].slug')
		ask '200 404' POST "/articles/$newest/favorite" "$token"
		ask '201 404' POST "/articles/$newest/comments" "$token" \
		    '{"comment":{"body":"c"}}'
		test $((n % 4)) != 0 || ask 204 DELETE "/articles/$own" "$token"
	done
}

reader() {
	out=$tmp/reader$1 n=0
	: >"$out.faults"
	while test "$(date +%s)" -lt "$end"; do
		n=$((n + 1))
		ask 200 GET "/articles?limit=20"
		ask 200 GET "/articles?tag=x"
		ask 200 GET "/articles/$(shared "$1" "$n")"
		ask 200 GET "/articles/$(shared "$1" "$n")/comments"
		ask 200 GET /tags
	done
}

stack_start
stack_sql "INSERT INTO account (username, email, password_hash)
    SELECT 'user' || n, 'user' || n || '@x.example', 'h'
    FROM generate_series(0, 9) AS n;
    INSERT INTO article (slug, author_id, title, description, body, tag_list)
    SELECT 'shared-' || n, (SELECT id FROM account WHERE username = 'user' || n),
    't', 'd', 'b', '{shared}' FROM generate_series(0, 9) AS n"
plan 6
i=0
while test $((i += 1)) -le "$CLIENTS"; do
	curl -s --noproxy '*' -H 'Content-Type: application/json' -d \
	    "{\"user\":{\"username\":\"writer$i\",\"email\":\"writer$i@x.example\",\"password\":\"password\"}}" \
	    "$url/api/users" | jq -r .user.token >"$tmp/token$i"
done
end=$(($(date +%s) + SECONDS_OF_LOAD)) pids='' i=0
while test $((i += 1)) -le "$CLIENTS"; do
	writer "$i" &
	pids="$pids $!"
	reader "$i" &
	pids="$pids $!"
done
for pid in $pids; do wait "$pid"; done
is "$(cat "$tmp"/*.faults | sort | uniq -c | sort -rn | head -n 20)" '' \
    "nobody of $CLIENTS who write and $CLIENTS who read got another answer"
# Each has come round at least once.
written=$(find "$tmp" -name 'writer*[0-9]' -exec cat {} + | wc -l)
answered=$(find "$tmp" -name 'reader*[0-9]' -exec cat {} + | wc -l)
ok "of $written writes" test "$written" -ge $((7 * CLIENTS))
ok "and $answered reads" test "$answered" -ge $((5 * CLIENTS))
is "$(grep -hc -e 'deadlock detected' -e 40P01 "$var"/log/*.log | sort -u)" 0 \
    'nobody waited in a circle'
is "$(disagreement stack_sql)" '' 'every count is what a recount finds'
ok 'of articles that all write to' test "$(stack_sql "SELECT count(*)
    FROM article WHERE slug LIKE 'shared-%' AND comments_count > 0")" -ge 1
