#!/bin/sh
# SPDX-License-Identifier: MIT
# Idempotency-Key: what is repeated is done once and answered alike; whose a key
# is; what is not kept; and that no secret is.  Here by text; with prepared
# names, and many at once: tests/stack-idempotency.sh.
. "${top_srcdir:-.}/tests/lib.sh"

# once KEY ID [QUERY [fn's arguments]]: sets $said ("STATUS BODY").
once() {
	_key=$1 _id=$2 _how=${3-}
	shift 2
	test $# -eq 0 || shift
	fn ../tests/fn/once -d "{\"id\":$_id}" -q "$_how" "$@" \
	    ${_key:+-e "HTTP_IDEMPOTENCY_KEY=$_key"}
	said="$status $body"
}
register() {
	fn user-create -e "HTTP_IDEMPOTENCY_KEY=$1" -d '{"user":{"username":"'"$2"\
'","email":"'"$2"'@example.org","password":"'"$3"'"}}'
}
pairs() { sql 'SELECT count(*) FROM test_pair'; }
kept() { sql 'SELECT count(*) FROM idempotency_key'; }
replayed() { grep -aciE '^Idempotency-Replayed: true$' "$tmp/reply"; }
empty() { sql 'DELETE FROM test_pair; DELETE FROM idempotency_key'; }

db_start
pair_table sql
ann=$(new_user ann) bob=$(new_user bob)

# --- done once --------------------------------------------------------------

once k1 1
first=$said
is "$status $(replayed) $(json .ran)" '201 0 2' \
    'the first time it runs, and once more by text'
once k1 1
is "$said" "$first" 'the second time the answer is the same'
is "$(replayed) $(pairs) $(kept)" '1 1 1' 'and says so, and there is one row'
is "$(grep -ciE '^(Location: /test/once/1|Content-Type: application/json; charset=utf-8)$' \
    "$tmp/reply")" 2 'with its headers'
is "$(grep -ci '^Set-Cookie' "$tmp/reply")" 0 'but without cookies'
once '"k1"' 1
is "$said $(replayed)" "$first 1" 'a key in quotes is the same one'
once '' 1
is "$status $(replayed)" '409 0' 'without a key it is another request'
is "$(pairs) $(kept)" '1 1' 'which was refused'
once k2 1
is "$said" '409 {"errors":{"id":["test_pair_pkey"]}}' 'as with another key'
is "$(kept)" 1 'whose error is not kept'
once k2 2
is "$status $(replayed)" '201 0' 'so that key may still be used'
empty

for how in 3 4 7; do
	once kinds 1 "how=$how"
	cp "$tmp/out" "$tmp/first"
	first=$(grep -av '^X-Request-Id' "$tmp/reply" | cksum)
	once kinds 1 "how=$how"
	is "$status $(replayed) $(grep -avE '^(X-Request-Id|Idempotency-Repl)' \
	    "$tmp/reply" | cksum)" \
	    "$(sed -n 's/^Status: \([0-9]*\).*/\1/p' "$tmp/first") 1 $first" \
	    "how=$how: each byte is the same"
	empty
done
is "$(cat "$tmp/log")" '' 'none of it is an error of ours'

# --- whose key, and of what -------------------------------------------------

once k 1 '' -t "$ann"
mine=$said
once k 1 '' -t "$bob"
is "$said" '409 {"errors":{"id":["test_pair_pkey"]}}' \
    'the key of one user is not that of another'
once k 1
is "$status $(replayed)" '409 0' 'nor that of a stranger'
once k 2 '' -t "$ann"
is "$said" '422 {"errors":{"idempotency-key":["was used with another body"]}}' \
    'a key of a user goes with one body'
once k 1 'how=1' -t "$ann"
is "$status" 422 'and with what else was asked for'
once k 1 '' -t "$ann"
is "$said" "$mine" 'the answer is still there'
once s 3
once s 4
is "$status $(replayed)" '201 0' 'of a stranger each body has keys of its own'
empty
fn ../tests/fn/atomic -m POST -e 'HTTP_IDEMPOTENCY_KEY=k'
is "$status $(kept)" '201 1' 'a key with one function'
once k 5
is "$status $(replayed)" '201 0' 'is not that of another'
empty

# --- what is no key ---------------------------------------------------------

for key in 'a b' '"a' '"a";p' "$(printf '\303\251')" "$(repeat 256 k)"; do
	once "$key" 1
	is "$said" '400 {"errors":{"idempotency-key":["must be 1 to 255 visible ASCII characters"]}}' \
	    "refused: $(echo "$key" | cut -c 1-10)"
done
is "$(pairs)" 0 'and nothing is stored'
fn article-list -e 'HTTP_IDEMPOTENCY_KEY=a b'
is "$status" 200 'where it counts for nothing, it is not looked at'

# --- under way --------------------------------------------------------------

# The lock of k3 is the first 8 bytes of its id, as a number of this machine.
once k3 1 'how=3'
lock=$(sql "SELECT ('x' || string_agg(lpad(to_hex(get_byte(id, 7 - i)), 2, '0'), ''
    ORDER BY i))::bit(64)::bigint FROM idempotency_key, generate_series(0, 7) i")
mkfifo "$tmp/holder"
psql_cluster -d "$database" <"$tmp/holder" >"$tmp/held" &
holder=$!
kill_at_exit "$holder"
exec 7>"$tmp/holder"
echo "SELECT 'held', pg_advisory_lock($lock);" >&7
ok 'somebody holds the lock' wait_for grep -q held "$tmp/held"
once k3 1 'how=3'
is "$said $(grep -c '^Retry-After: 1$' "$tmp/reply")" \
    '409 {"errors":{"idempotency-key":["is being used by a request under way"]}} 1' \
    'a key that is being used'
exec 7>&-
wait "$holder"
once k3 1 'how=3'
is "$status $(replayed)" '204 1' 'and when it is not any more'
empty

# --- what is not kept -------------------------------------------------------

once e 1 how=1
is "$said $(pairs) $(kept)" '403 {"errors":{"how":["is 1"]}} 0 0' \
    'a refusal stores neither row nor answer'
once e 1 how=2
is "$status $(pairs) $(kept)" '409 0 0' 'nor does a commit that fails'
once e 1 how=8
is "$code$(pairs)$(kept)" 13400 'nor a handler that dies'
once e 1 how=5
is "$status $(pairs) $(kept)" '500 0 0' 'nor an answer too large to be kept'
like "$(logged)" '^an answer of [0-9]+ bytes is not kept: at most 2097152$' \
    'which is logged'
once '' 1 how=5
is "$status $(pairs)" '200 1' 'and goes out where there is no key'
empty

# The server dies at the commit: nothing was promised, nothing is stored.
sql "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
    'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'"
sql 'CREATE CONSTRAINT TRIGGER die AFTER INSERT ON test_pair
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()'
once d 1
is "$status $(pairs) $(kept)" '503 0 0' 'the server dies at the commit: neither'
sql 'DROP TRIGGER die ON test_pair'
once d 1
is "$status $(replayed) $(pairs) $(kept)" '201 0 1 1' 'the next try does it'
sql 'REVOKE INSERT ON idempotency_key FROM '"${roles}_account, ${roles}_writer"
once d2 2
is "$status $(pairs)" '500 1' 'what cannot be kept is not done'
sql 'GRANT INSERT ON idempotency_key TO '"${roles}_account, ${roles}_writer"
empty

# --- 24 hours ---------------------------------------------------------------

once old 1
age() { sql "UPDATE idempotency_key SET created_at = created_at - interval '$1'"; }
age '23:59:00'
once old 1
is "$status $(replayed)" '201 1' 'it counts for 24 hours'
age '00:02:00'
once old 1
is "$said" '409 {"errors":{"id":["test_pair_pkey"]}}' 'and not for longer'
sql 'DELETE FROM test_pair'
once old 1
is "$status $(replayed) $(kept)" '201 0 1' 'the key may be used again'
sql "INSERT INTO idempotency_key (id, request, status, headers, content, created_at)
    SELECT sha256(i::text::bytea), sha256(''), 200, '', '', now() - interval '25:00:00'
    FROM generate_series(1, 20) i"
once new 2
is "$(kept)" 14 'each that is stored sweeps eight that are too old'
once newer 3
once newest 4
is "$(kept)" 4 'until there is none'
once newest 4
is "$(replayed)" 1 'what is new stays'
empty

# --- what is made anew ------------------------------------------------------

register r1 eve 'correct horse'
token=$(json .user.token)
is "$status $(replayed)" '201 0' 'a user registers'
register r1 eve 'correct horse'
is "$status $(replayed) $(json '.user | [.username, .email, .bio] | @json')" \
    '201 1 ["eve","eve@example.org",null]' 'and gets the same again'
fn user-get -t "$(json .user.token)"
is "$status $(json .user.username)" '200 eve' 'with a token that holds'
is "$(sql "SELECT count(*) FROM account WHERE username = 'eve'")" 1 \
    'registered once'
dump=$(sql 'SELECT * FROM idempotency_key')
is "$(echo "$dump" | grep -cF -e "$token" -e 'eve' -e horse \
    -e "$(printf %s "$token" | od -A n -t x1 | tr -d ' \n' | cut -c 1-40)")" 0 \
    'no token, name or password is stored with the key'
is "$(sql "SELECT kept = (SELECT id::text FROM account WHERE username = 'eve')
    FROM idempotency_key")" t 'only who it was'
register r1 eve 'wrong horse'
is "$said$status" "${said}409" 'who has the key and not the password gets no token'
sql "UPDATE account SET password_hash = (SELECT password_hash FROM account
    WHERE username = 'ann') || 'x' WHERE username = 'eve'"
register r1 eve 'correct horse'
is "$status $(replayed) $body" \
    '409 0 {"errors":{"username":["has already been taken"]}}' \
    'nor who has the one from before'
empty
fn user-login -e 'HTTP_IDEMPOTENCY_KEY=l' \
    -d '{"user":{"email":"ann@example.org","password":"correct horse"}}'
is "$status $(kept)" '200 0' 'a login may be repeated as it is'

# --- what the descriptor says -----------------------------------------------

says() { "$top_builddir/cgi-bin/$1" --describe | jq -c .idempotency_key; }
is "$(says user-create)$(says user-login)$(says article-list)" truefalsefalse \
    'a function says whether it heeds the header'
build() { # build SED: $tmp/once, of a changed tests/fn/once.c
	cp "$top/tests/fn/once.sql" "$tmp/once.sql"
	sed "$1" "$top/tests/fn/once.c" >"$tmp/once.c"
	make -s -C "$top_builddir" one FN="$tmp/once.c" >"$tmp/make" 2>&1 ||
	    note "$(cat "$tmp/make")"
}
build 's/^FN_DESC.*/static enum http_status again(struct req *req,\
    struct reply *reply, const char *kept) { (void)req; (void)kept;\
    return reply_not_found(reply, "it"); }\n&/; s/^    .auth.*/&\n    .replay = again,/'
printf '{"id":1}' | REQUEST_METHOD=POST MAYFLY_TOKEN_SECRET=$secret \
    DATABASE_URL=$(role_url writer) "$tmp/once" >"$tmp/out" 2>"$tmp/log"
code=$?
like "$code $(logged)" \
    '^134 bug: serve.c:[0-9]+: status 201 without reply_keep\(\)' \
    'whoever has .replay says what is kept'
build 's/^    .auth.*/&\n    .repeatable = true,/; s/"POST /"PUT /'
is "$("$tmp/once" --describe 2>&1 >"$tmp/described")" \
    'once.c: repeatable: is for POST' 'only a POST is repeatable'

printf '{"id":1}' | REQUEST_METHOD=POST HTTP_IDEMPOTENCY_KEY=k \
    "$top_builddir/tests/fn/once" >"$tmp/out" 2>"$tmp/log"
is "$(sed -n 's/^Status: \([0-9]*\).*/\1/p' "$tmp/out") $(kept) $(logged)" \
    '500 0 MAYFLY_TOKEN_SECRET is not set' 'no secret, no keys'
plan "$count"
