#!/bin/sh
# SPDX-License-Identifier: MIT
# user-get tells whose token it is, and refuses every token that is not ours.
. "${top_srcdir:-.}/tests/lib.sh"

# refused MESSAGE NAME: the last call was, with this message.
refused() {
	is "$status $body" "401 {\"errors\":{\"token\":[\"$1\"]}}" "$2"
}

db_start
ann=$(new_user ann)
bob=$(new_user bob)
plan 56

fn user-get -t "$ann"
is "$status $code" '200 0' 'the user of the token'
is "$body" "{\"user\":{\"username\":\"ann\",\"email\":\"ann@example.org\",\
\"bio\":null,\"image\":null,\"token\":\"$ann\"}}" \
    'with the token that was sent, and nothing but this'
is "$(wc -c <"$tmp/log")" 0 'and nothing to log'
like "$headers" '^Content-Type: application/json; charset=utf-8$' 'in JSON'
like "$headers" "^Content-Length: ${#body}\$" 'of the length it says'
like "$headers" '^Cache-Control: no-store$' 'is not kept by anybody'
fn user-get -t "$bob"
is "$(json .user.username)" bob 'another token is another user'
for header in "Bearer $ann" "bearer $ann" "token $ann" "TOKEN  $ann"; do
	fn user-get -e "HTTP_AUTHORIZATION=$header"
	is "$status $(json .user.username)" '200 ann' "accepted: ${header%e*}"
done
fn user-get -e "REDIRECT_HTTP_AUTHORIZATION=Token $ann"
is "$status" 200 'accepted: as Apache passes it on'
fn user-get -m HEAD -t "$ann"
is "$status $body" '200 ' 'HEAD has the same status and no body'
like "$headers" '^Content-Length: [1-9]' 'but tells its length'

sql "UPDATE account SET bio = E'a \"b\"\\n\\\\ü', image = 'http://x/?a&b',
    username = 'Änne', email = 'new@example.org' WHERE username = 'ann'"
fn user-get -t "$ann"
is "$(json '.user | [.username, .email, .bio, .image] | @json')" \
    '["Änne","new@example.org","a \"b\"\n\\ü","http://x/?a&b"]' \
    'a renamed user has the same token, and a bio'

fn user-get
refused 'is missing' 'no token'
like "$headers" '^WWW-Authenticate: Token$' 'and which one is wanted'
like "$headers" '^Cache-Control: no-store$' 'which nobody keeps either'
for header in 'Basic YTpi' "Digest $ann" "$ann" Token 'Token ' 'Bearer  ' \
    "Token$ann" "Bearer	$ann"; do
	fn user-get -e "HTTP_AUTHORIZATION=$header"
	refused 'is missing' "no token at all: $(echo "$header" | cut -c 1-12)"
done
for token in undefined null "${ann}x" "x$ann" "${ann%.*}." "${ann%.*}" \
    "$ann.$ann" "$ann " "${bob%.*}.${ann##*.}" "$(repeat 5000 A)"; do
	fn user-get -t "$token"
	refused 'is invalid' "refused: $(echo "$token" | cut -c 1-12)..."
done

id=$(sql "SELECT id FROM account WHERE username = 'Änne'")
now=$(date +%s)
hs256='{"alg":"HS256","typ":"JWT"}'
sid=$(sql "INSERT INTO session (account_id, expires_at)
    VALUES ($id, now() + interval '1 day') RETURNING id")
good="{\"sub\":\"$id\",\"sid\":\"$sid\",\"iat\":$now,\"exp\":$((now + 60))}"
fn user-get -t "$(sign_token "$hs256" "$good")"
is "$status" 200 'one that we sign here is as good as any'
fn user-get -t "$(sign_token "$hs256" "$good" "${secret}x")"
refused 'is invalid' 'signed with another secret'
none=$(sign_token '{"alg":"none","typ":"JWT"}' "$good")
fn user-get -t "$none"
refused 'is invalid' 'alg none, though signed'
fn user-get -t "${none%.*}."
refused 'is invalid' 'alg none, not signed'
fn user-get -t "$(sign_token '{"alg":"HS512","typ":"JWT"}' "$good")"
refused 'is invalid' 'another algorithm'
fn user-get -t "$(sign_token "$hs256" \
    "{\"sub\":\"$id\",\"sid\":\"$sid\",\"iat\":$((now - 60)),\"exp\":$((now - 1))}")"
refused 'has expired' 'over for a second'
like "$headers" '^WWW-Authenticate: Token$' 'and which one is wanted'
fn user-get -t "$(sign_token "$hs256" \
    "{\"sub\":\"9223372036854775807\",\"sid\":\"$sid\",\"iat\":$now,\"exp\":$((now + 60))}")"
refused 'is invalid' 'signed for a user who never was'
fn user-get -t "$(sign_token "$hs256" "{\"sub\":\"$id\",${good#*,*,}")"
refused 'is invalid' 'one without a session, as they were once'
fn user-get -t "$(sign_token "$hs256" \
    "{\"sub\":\"$(sql "SELECT id FROM account WHERE username = 'bob'")\",${good#*,}")"
refused 'is invalid' 'the session of somebody else'
fn user-get -t "$(sign_token "$hs256" \
    "{\"sub\":\"$id\",\"sid\":\"9223372036854775807\",${good#*,*,}")"
refused 'is invalid' 'a session that never was'
mine=$(sign_token "$hs256" "$good")
sql "UPDATE session SET expires_at = now() WHERE id = $sid"
fn user-get -t "$mine"
refused 'is invalid' 'a session that is over, whatever its token says'
sql "UPDATE session SET expires_at = now() + interval '1 day',
    ended_at = now() WHERE id = $sid"
fn user-get -t "$mine"
refused 'is invalid' 'and one that was ended'
like "$headers" '^WWW-Authenticate: Token$' 'with the same headers'
is "$(wc -c <"$tmp/log")" 0 'which is nothing to log'
fn user-get -t "$ann"
is "$status" 200 'another session of the same user goes on'
fn user-get -m POST -t "$ann" -d '{}'
is "$status $body" '405 {"errors":{"method":["is not allowed here"]}}' \
    'POST is refused, whoever asks'

sql "DELETE FROM account WHERE id = $id"
fn user-get -t "$ann"
refused 'is invalid' 'a user that is gone'
like "$headers" '^WWW-Authenticate: Token$' 'gets the same headers, too'

bad_input user-get
