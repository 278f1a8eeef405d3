#!/bin/sh
# SPDX-License-Identifier: MIT
# user-login gives a token for the right password, and says no more.
. "${top_srcdir:-.}/tests/lib.sh"

# login EMAIL PASSWORD
login() {
	fn user-login -d "$(jq -cn --arg e "$1" --arg p "$2" \
	    '{user: {email: $e, password: $p}}')"
}

# refused NAME: the last call was, and nobody learns why.
refused() {
	is "$status $body" '401 {"errors":{"credentials":["invalid"]}}' "$1"
}

# wrong ERRORS NAME: the last call had these faults.
wrong() { is "$status $body" "422 {\"errors\":$1}" "$2"; }

db_start
new_user ann >"$tmp/token"
new_user bob >"$tmp/token"
plan 49

login ann@example.org 'correct horse'
is "$status $code" '200 0' 'the right password'
token=$(json .user.token)
is "$body" "{\"user\":{\"username\":\"ann\",\"email\":\"ann@example.org\",\
\"bio\":null,\"image\":null,\"token\":\"$token\"}}" \
    'gives the user and a token, and nothing but this'
like "$headers" '^Cache-Control: no-store$' 'which nobody keeps'
fn user-get -t "$token"
is "$status $(json .user.username)" '200 ann' 'the token holds'
claims=$(echo "$token" | cut -d . -f 2 | tr -- '-_' '+/')
while test $((${#claims} % 4)) -ne 0; do
	claims=$claims=
done
claims=$(echo "$claims" | base64 -d)
is "$(echo "$claims" | jq -c keys_unsorted)" '["sub","sid","iat","exp"]' \
    'it tells who, of which session, from when and until when, and nothing else'
is "$(echo "$claims" | jq '.exp - .iat')" 604800 'which is a week'
is "$(echo "$claims" | jq -r .sub)" \
    "$(sql "SELECT id FROM account WHERE username = 'ann'")" \
    'who is the number, which no rename changes'
is "$(sql "SELECT count(*) FROM session
    WHERE id = $(echo "$claims" | jq -r .sid) AND ended_at IS NULL
    AND expires_at - created_at = interval '7 days' AND account_id =
    (SELECT id FROM account WHERE username = 'ann')")" 1 \
    'the session is there, for as long'
login ann@example.org 'correct horse'
is "$(sql "SELECT count(*) FROM session JOIN account ON account.id = account_id
    WHERE username = 'ann'")" 3 'each login has one of its own'
login ANN@Example.org 'correct horse'
is "$status $(json .user.email)" '200 ann@example.org' 'an email has no case'
login '  ann@example.org ' 'correct horse'
is "$status" 200 'nor spaces around it'
sql "UPDATE account SET bio = 'b', image = 'i' WHERE username = 'ann'"
login ann@example.org 'correct horse'
is "$(json '.user | [.bio, .image] | @json')" '["b","i"]' 'with bio and image'

for password in 'correct horse ' ' correct horse' 'Correct horse' \
    'correct hors' x "$(repeat 1024 x)" 'correct horse\u0000'; do
	login ann@example.org "$password"
	refused "a wrong password: $(echo "$password" | cut -c 1-16)"
done
login nobody@example.org 'correct horse'
refused 'an unknown email: the same answer'
like "$headers" '^WWW-Authenticate: ' 'with the header that 401 wants'
is "$(echo "$headers" | grep -v ^X-Request-Id)" \
    "$(fn user-login -d '{"user":{"email":"ann@example.org","password":"x"}}'
    echo "$headers" | grep -v ^X-Request-Id)" 'and the same headers'
login ann 'correct horse'
refused 'the name instead of the email'
login "' OR 1=1 --" "' OR 1=1 --"
refused 'SQL is text'
login '%@example.org' 'correct horse'
refused 'so is a pattern'
is "$(wc -c <"$tmp/log")" 0 'none of that is logged'

# The same work, whether there is such a user or not: Argon2id takes nearly all
# of the time.  Half of it is far beyond what chance does to the least of five.
quickest() {
	for _ in 1 2 3 4 5; do
		_begin=$(date +%s%N)
		login "$1" 'wrong horse'
		echo $((($(date +%s%N) - _begin) / 1000))
	done | sort -n | head -n 1
}
known=$(quickest ann@example.org) unknown=$(quickest nobody@example.org)
note "known email: $known us, unknown: $unknown us"
ok 'an unknown email takes as long' test $((unknown * 2)) -gt "$known"
ok 'and not longer' test "$unknown" -lt $((known * 2))

# shellcheck disable=SC2016 # not names of the shell
for hash in x '$argon2id$v=19$m=19456,t=2,p=1$' '*'; do
	sql "UPDATE account SET password_hash = '$hash' WHERE username = 'bob'"
	login bob@example.org "$hash"
	refused "a stored text that is no hash lets nobody in: $hash"
done
sql "DELETE FROM account WHERE username = 'ann'"
login ann@example.org 'correct horse'
refused 'a user that is gone'

login '' x
wrong "{\"email\":[\"can't be blank\"]}" 'a blank email'
login '   ' x
wrong "{\"email\":[\"can't be blank\"]}" 'an email of spaces'
login x ''
wrong "{\"password\":[\"can't be blank\"]}" 'a blank password'
fn user-login -d '{"user":{}}'
wrong "{\"email\":[\"can't be blank\"],\"password\":[\"can't be blank\"]}" \
    'nothing at all'
login "$(repeat 255 x)" x
wrong '{"email":["is too long (maximum is 254 characters)"]}' \
    'an email of 255 characters'
login x "$(repeat 1025 x)"
wrong '{"password":["is too long (maximum is 1024 bytes)"]}' \
    'a password of 1025 bytes'
login 'a	b@example.org' x
wrong "{\"email\":[\"can't contain control characters\"]}" 'a tab in the email'
fn user-login -d '{"user":{"email":null,"password":null}}'
wrong "{\"email\":[\"can't be blank\"],\"password\":[\"can't be blank\"]}" \
    'null is blank'
fn user-login -d '{"user":{"email":["a"],"password":12345678}}'
wrong '{"email":["must be text"],"password":["must be text"]}' 'no text'
for user in '"ann"' null '[]' 7; do
	fn user-login -d "{\"user\":$user}"
	wrong '{"user":["must be an object"]}' "a user that is $user"
done
fn user-login -d '{}'
wrong "{\"user\":[\"can't be blank\"]}" 'no user at all'
fn user-login -m GET
is "$status $(echo "$headers" | grep ^Allow)" '405 Allow: POST' 'GET is refused'
one_url 'host=/nonexistent'
login bob@example.org 'correct horse'
is "$status $body" \
    '503 {"errors":{"database":["is not available, try again"]}}' \
    'no database: 503, not 401'

bad_input user-login
