#!/bin/sh
# SPDX-License-Identifier: MIT
# user-update changes what is given of one's own account, and nothing else.
. "${top_srcdir:-.}/tests/lib.sh"

# change JSON [TOKEN]: by ann.
change() { fn user-update -m PUT -t "${2-$ann}" -d "{\"user\":$1}"; }
# login EMAIL PASSWORD
login() {
	fn user-login -d "{\"user\":{\"email\":\"$1\",\"password\":\"$2\"}}"
}

db_start
ann=$(new_user ann)
new_user bob >"$tmp/token"
plan 43

change '{"bio":"b","image":"http://x/y"}'
is "$status $body" "200 {\"user\":{\"username\":\"ann\",\"email\":\"ann@example.org\",\
\"bio\":\"b\",\"image\":\"http://x/y\",\"token\":\"$ann\"}}" \
    'the user with the token that was sent; what is left out stays'
user=$body
fn user-get -t "$ann"
is "$body" "$user" 'it is what is shown then'
change '{}'
is "$status $body" "200 $user" 'nothing at all is fine'
for nothing in '""' null; do
	change '{"bio":"b","image":"i"}'
	change "{\"bio\":$nothing}"
	is "$(json '.user | [.bio, .image] | @json')" '[null,"i"]' \
	    "bio: $nothing takes it away"
	change "{\"image\":$nothing}"
	fn user-get -t "$ann"
	is "$(json '.user | [.bio, .image] | @json')" '[null,null]' \
	    "image: $nothing, too"
done
is "$(sql 'SELECT count(*) FROM account WHERE bio IS NOT NULL OR
    image IS NOT NULL')" 0 'as NULL'
change '{"bio":" <script>\n"}'
is "$status" 200 'a bio is any text'

change '{"username":"Anna","email":"Anna@Example.org"}'
is "$status $(json '.user | [.username, .email, .token] | @json')" \
    "200 [\"Anna\",\"Anna@Example.org\",\"$ann\"]" 'another name and address'
fn user-get -t "$ann"
is "$status $(json .user.username)" '200 Anna' 'the token goes on'
login anna@example.org 'correct horse'
is "$status" 200 'the password does, too'
login ann@example.org 'correct horse'
is "$status" 401 'the old address does not'
change '{"username":"ANNA"}'
is "$status $(json .user.username)" '200 ANNA' "one's own name in another case"
change '{"username":"ann","email":"ann@example.org"}'

change '{"password":"12345678"}'
is "$status" 200 'a password of 8 characters'
login ann@example.org 12345678
is "$status" 200 'which holds'
login ann@example.org 'correct horse'
is "$status" 401 'the old one does not'
long=$(repeat 64 x)
change "{\"password\":\"$long\"}"
login ann@example.org "$long"
is "$status" 200 'one of 64'
for bad in '1234567' '' ; do
	change "{\"password\":\"$bad\"}"
	is "$status $(json '.errors | keys[0]')" '422 password' \
	    "refused: a password of ${#bad} characters"
done
change '{"password":null}'
is "$status $(json '.errors.password[0]')" "422 can't be blank" 'password: null'
for field in username email; do
	for bad in '""' '" "' null; do
		change "{\"$field\":$bad}"
		is "$status $(json ".errors.${field}[0]")" "422 can't be blank" \
		    "$field: $bad"
	done
done
login ann@example.org "$long"
is "$status $(json .user.username)" '200 ann' 'none of that changed anything'

change '{"username":"BOB"}'
is "$status $body" '409 {"errors":{"username":["has already been taken"]}}' \
    'the name of another'
change '{"email":"Bob@example.org","bio":"new"}'
is "$status $body" '409 {"errors":{"email":["has already been taken"]}}' \
    'the address of another'
is "$(sql "SELECT count(*) FROM account WHERE bio = 'new'")" 0 \
    'and nothing is stored'
change "{\"bio\":\"$(repeat 5001 x)\"}"
is "$status $(json '.errors | keys[0]')" '422 bio' 'too long a bio'
change "{\"image\":\"$(repeat 2049 x)\"}"
is "$status $(json '.errors | keys[0]')" '422 image' 'too long an image'
change '{"bio":7,"image":[]}'
is "$status $(json '.errors | keys | @json')" '422 ["bio","image"]' 'no text'
change '{"role":"admin","id":2,"token":"x","suspended_at":null}'
is "$status $(sql "SELECT DISTINCT role FROM account")" '200 user' \
    'what is nobody'"'"'s to set is ignored'
sql "UPDATE account SET email_verified_at = now()"
change '{"email":"ANN@example.org"}'
is "$(sql "SELECT email_verified_at IS NULL FROM account
    WHERE username = 'ann'")" f 'an address in another case is the same'
change '{"email":"ann2@example.org"}'
is "$(sql "SELECT username, email_verified_at IS NULL FROM account
    ORDER BY id" | tr '\n' ' ')" 'ann|t bob|f ' \
    'another one has yet to be verified'

fn user-update -m PUT -d '{"user":{"username":""}}'
is "$status $body" '401 {"errors":{"token":["is missing"]}}' \
    'no stranger, who is told first'
fn user-update -m PUT -t junk -d '{"user":{}}'
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' 'a junk token'
sql 'UPDATE session SET ended_at = now()'
change '{"bio":"after"}'
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' \
    'a session that has ended'
is "$(sql "SELECT count(*) FROM account WHERE bio = 'after'")" 0 'writes nothing'

# Its row is deleted by a transaction that this one has to wait for.
cat=$(new_user cat)
mkfifo "$tmp/owner"
psql_cluster -d "$database" <"$tmp/owner" &
owner=$!
exec 3>"$tmp/owner"
echo "BEGIN; DELETE FROM account WHERE username = 'cat';" >&3
deleting() {
	test "$(sql "SELECT count(*) FROM pg_stat_activity
	    WHERE datname = '$database' AND state = 'idle in transaction'")" = 1
}
waiting() {
	test "$(sql "SELECT count(*) FROM pg_stat_activity
	    WHERE datname = '$database' AND wait_event_type = 'Lock'")" = 1
}
wait_for deleting
(
	wait_for waiting
	echo 'COMMIT;' >&3
) &
change '{"bio":"late"}' "$cat"
exec 3>&-
wait "$owner"
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' \
    'an account that is deleted meanwhile'

bad_input user-update
