#!/bin/sh
# SPDX-License-Identifier: MIT
# user-create registers a user once, and says of each field what is wrong.
. "${top_srcdir:-.}/tests/lib.sh"

# register USERNAME EMAIL PASSWORD
register() {
	fn user-create -d "$(jq -cn --arg u "$1" --arg e "$2" --arg p "$3" \
	    '{user: {username: $u, email: $e, password: $p}}')"
}

db_start
plan 35

register ann ann@example.org 'correct horse'
is "$status" 201 'a new user is registered'
is "$(json '.user | keys | join(" ")')" 'bio email image token username' \
    'the reply has the members of a user'
is "$(json '.user | [.username, .email, .bio, .image] | @json')" \
    '["ann","ann@example.org",null,null]' 'with these values'
like "$(json .user.token)" '^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){2}$' \
    'and a token'
like "$(sql 'SELECT password_hash FROM account')" '^.argon2id.v=19.m=19456,t=2' \
    'the password is stored as an Argon2id hash'

register ANN other@example.org 'correct horse'
is "$status $body" '409 {"errors":{"username":["has already been taken"]}}' \
    'a user name is taken in any case'
register bob ANN@example.org 'correct horse'
is "$status $body" '409 {"errors":{"email":["has already been taken"]}}' \
    'so is an email'
is "$(wc -c <"$tmp/log")" 0 'which is nobody'"'"'s error: nothing is logged'

register '  ' bob@example.org 'correct horse'
is "$status $body" "422 {\"errors\":{\"username\":[\"can't be blank\"]}}" \
    'a blank user name'
register bob '' 'correct horse'
is "$status $body" "422 {\"errors\":{\"email\":[\"can't be blank\"]}}" \
    'a blank email'
register bob bob@example.org ''
is "$status $body" "422 {\"errors\":{\"password\":[\"can't be blank\"]}}" \
    'a blank password'
register '' '' ''
is "$(json '.errors | keys | join(" ")')" 'email password username' \
    'all that is wrong is said at once'
register bob bob@example.org 1234567
is "$(json '.errors.password[0]')" 'is too short (minimum is 8 bytes)' \
    'a password of 7 bytes'
register bob bob@example.org "$(repeat 1025 x)"
is "$(json '.errors.password[0]')" 'is too long (maximum is 1024 bytes)' \
    'one of 1025'
register "$(repeat 65 x)" bob@example.org 'correct horse'
is "$(json '.errors.username[0]')" 'is too long (maximum is 64 characters)' \
    'a user name of 65 characters'
for email in bob @example.org bob@ b@b@b 'bo b@example.org'; do
	register bob "$email" 'correct horse'
	is "$(json '.errors.email[0]')" 'is not an email address' \
	    "refused: $email"
done
is "$(sql 'SELECT count(*) FROM account')" 1 'none of them was stored'

register "  $(repeat 61 x)üü  " 'B@example.org' '  spaces count '
is "$status" 201 '63 characters and spaces around them are fine'
is "$(sql "SELECT username FROM account WHERE email = 'B@example.org'")" \
    "$(repeat 61 x)üü" 'the spaces are cut off'
fn user-login -d '{"user":{"email":"b@example.org","password":"spaces count"}}'
is "$status" 401 'but not those of a password'
fn user-login \
    -d '{"user":{"email":"b@example.org","password":"  spaces count "}}'
is "$status" 200 'which counts as it was given'

twins=''
for i in 1 2 3 4; do
	printf '{"user":{"username":"twin","email":"twin%d@example.org",
	    "password":"correct horse"}}' "$i" >"$tmp/twin$i"
	bare REQUEST_METHOD=POST MAYFLY_TOKEN_SECRET="$secret" \
	    "$top_builddir/cgi-bin/user-create" <"$tmp/twin$i" \
	    >"$tmp/out$i" &
	twins="$twins $!"
done
for twin in $twins; do wait "$twin"; done
is "$(sed -n 's/^Status: \([0-9]*\).*/\1/p' "$tmp"/out[1-4] | sort | tr '\n' ' ')" '201 409 409 409 ' \
    'of four at once, one wins'
fn user-create -d '{"user":{"username":"x","email":"x@example.org",
    "password":"correct horse","bio":"hi","admin":true}}'
is "$status $(json .user.bio)" '201 null' 'unknown members are ignored'

# One name, one address, one password, whatever bytes they are written in.
composed=$(printf '\303\251va') decomposed=$(printf 'e\314\201va')
register "$composed" eva@example.org "$composed horse"
is "$status" 201 'a name with an accent'
register "$decomposed" eva2@example.org 'correct horse'
is "$status $(json '.errors | keys[0]')" '409 username' \
    'is taken in its other form, too'
register "$(printf '\357\275\205\314\201va')" eva2@example.org 'correct horse'
is "$status $(json '.errors | keys[0]')" '409 username' \
    'and with a fullwidth letter'
fn user-login -d "$(jq -cn --arg p "$decomposed horse" \
    '{user: {email: "eva@example.org", password: $p}}')"
is "$status" 200 'a password fits from any keyboard'
register 'ann  lee' lee@example.org 'correct horse'
is "$status $(json .user.username)" '201 ann lee' \
    'runs of spaces become one'

one_url 'host=/nonexistent'
register eve eve@example.org 'correct horse'
is "$status" 503 'no database: 503'
like "$headers" '^Retry-After: ' 'and when to try again'

bad_input user-create
