#!/bin/sh
# SPDX-License-Identifier: MIT
# PostgreSQL's postmaster killed with -9, again and again, under many who write:
# whoever repeats a request with its Idempotency-Key until he is told 201 finds
# what he was told, once.  KILLS=5 sh tests/stack-survive.sh is the long form.
. "${top_srcdir:-.}/tests/lib.sh"

: "${CLIENTS:=8}" "${KILLS:=2}"
bound_s=300 # of all that writers do; some 15 s are usual

# answered KEY PATH BODY: ask once; false when it is to be asked again.  What it
# was is in $out.again, or "KEY ID" in $out.told when it is done.
answered() {
	_status=$(curl -s --noproxy '*' --max-time 20 -o "$out.body" \
	    -w '%{http_code}' -H "Authorization: Token $token" \
	    -H "Idempotency-Key: $1" -H 'Content-Type: application/json' \
	    -d "$3" "$url/api$2") || _status=none
	case $_status in
	201)
		jq -r --arg key "$1" '"\($key) \(.article.slug //
		    .comment.id)"' "$out.body" >>"$out.told"
		;;
	none | 409 | 5??)
		echo "$_status" >>"$out.again"
		return 1
		;;
	esac
}

# ask KEY PATH BODY: until it is answered, with the same key.
ask() {
	wait_for -t $((end - $(date +%s))) answered "$@"
	test "$_status" != 201 || return 0
	echo "$1: $_status $(head -c 200 "$out.body")" >>"$out.faults"
	return 1
}

# Articles and comments whose text is their key.  As if the answer had been lost
# behind the commit, each third request is sent again.
writer() {
	out=$tmp/writer$1 token=$(cat "$tmp/token$1") n=0
	while test ! -e "$tmp/enough"; do
		n=$((n + 1)) key=$1-$n
		if test $((n % 2)) = 0; then
			set -- "$1" /articles "{\"article\":{\"title\":\"$key\",
			    \"description\":\"d\",\"body\":\"b\",
			    \"tagList\":[\"t$((n % 5))\"]}}"
		else
			set -- "$1" /articles/shared/comments \
			    "{\"comment\":{\"body\":\"$key\"}}"
		fi
		ask "$key" "$2" "$3" || return
		test $((n % 3)) != 0 || ask "$key" "$2" "$3" || return
	done
}

lines() { cat "$tmp"/writer*."$1" | wc -l; }
more() { test "$(lines "$1")" -gt "$2"; } # more told|again THAN

stack_start
plan 9
i=0
while test $((i += 1)) -le "$CLIENTS"; do
	curl -s --noproxy '*' -H 'Content-Type: application/json' -d \
	    "{\"user\":{\"username\":\"writer$i\",\"email\":\"writer$i@x.example\",\"password\":\"password\"}}" \
	    "$url/api/users" | jq -r .user.token >"$tmp/token$i"
done
stack_sql "INSERT INTO article (slug, author_id, title, description, body)
    SELECT 'shared', min(id), 't', 'd', 'b' FROM account"
end=$(($(date +%s) + bound_s)) pids='' i=0
while test $((i += 1)) -le "$CLIENTS"; do
	touch "$tmp/writer$i.told" "$tmp/writer$i.again" "$tmp/writer$i.faults"
	writer "$i" &
	kill_at_exit "$!"
	pids="$pids $!"
done

# Each kill hits writers at work, is noticed, and is behind them at the end.
kills=0
while wait_for -t 60 more told $(($(lines told) + 4 * CLIENTS)) &&
    test "$kills" -lt "$KILLS"; do
	again=$(lines again)
	kill -9 "$(head -n 1 "$var/pg/postmaster.pid")"
	wait_for more again "$again" || break
	stack_up >"$tmp/up.log" 2>&1 || {
		note "$(cat "$tmp/up.log")"
		break
	}
	kills=$((kills + 1))
done
touch "$tmp/enough"
for pid in $pids; do wait "$pid"; done
note "$(lines told) answers, and $(lines again) times:" \
    "$(cat "$tmp"/writer*.again | sort | uniq -c | paste -s -d ,)"

cat "$tmp"/writer*.told | sort -u >"$tmp/told"
stack_sql "SELECT title || ' ' || slug FROM article WHERE slug <> 'shared'
    UNION ALL SELECT body || ' ' || id FROM comment" | sort >"$tmp/stored"
is "$kills" "$KILLS" \
    'PostgreSQL was killed, did not answer, and was started by scripts/up'
is "$(cat "$tmp"/writer*.faults)" '' \
    "each of $CLIENTS writers was told 201 in the end"
ok 'and often' test "$(lines told)" -ge $((4 * CLIENTS * (KILLS + 1)))
is "$(comm -23 "$tmp/told" "$tmp/stored")" '' \
    'nothing that was acknowledged is missing'
is "$(comm -13 "$tmp/told" "$tmp/stored")" '' \
    'nothing is there that nobody was told of'
is "$(cut -d ' ' -f 1 "$tmp/stored" | uniq -d)" '' \
    'nothing was done twice under its key'
is "$(cut -d ' ' -f 1 "$tmp/told" | uniq -d)" '' \
    'nobody was told two things of one key'
is "$(stack_sql 'SELECT count(*) FROM idempotency_key')" \
    "$(wc -l <"$tmp/stored")" 'each has the answer to its key with it'
is "$(disagreement stack_sql)" '' 'every count is what a recount finds'
