#!/bin/sh
# SPDX-License-Identifier: MIT
# session-delete ends a session of one's own at once, and no other.
. "${top_srcdir:-.}/tests/lib.sh"

db_start
ann=$(new_user ann)
bob=$(new_user bob)
plan 13

id_of() {
	fn session-list -t "$1"
	json '.sessions[] | select(.current) | .id'
}
end() { fn session-delete -t "$1" -p "/$2" -m DELETE; }

fn user-login -d '{"user":{"email":"ann@example.org","password":"correct horse"}}'
second=$(json .user.token)
fn session-create \
    -d '{"session":{"email":"ann@example.org","password":"correct horse"}}'
access=$(json .session.accessToken) refresh=$(json .session.refreshToken)
fresh=$(json .session.id)
second_id=$(id_of "$second")

end "$bob" "$second_id"
is "$status $body" '404 {"errors":{"session":["not found"]}}' \
    'that of somebody else'
fn user-get -t "$second"
is "$status" 200 'goes on'
end "$ann" "$second_id"
is "$status$body" 204 "one's own ends"
fn user-get -t "$second"
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' \
    'and its token of a week is no good at once'
end "$ann" "$second_id"
is "$status" 404 'it cannot end twice'
end "$ann" "$fresh"
is "$status" 204 'one with a refresh token'
fn user-get -t "$access"
is "$status" 401 'its access token is no good'
fn session-refresh -d "{\"refreshToken\":\"$refresh\"}"
is "$status" 401 'nor is the other'
for id in 0 -1 x 99999999999999999999; do
	end "$ann" "$id"
	echo "$status"
done >"$tmp/statuses"
is "$(sort -u "$tmp/statuses")" 404 'what is no id is not found'
end '' 1
is "$status $body" '401 {"errors":{"token":["is missing"]}}' 'no token'
end "$ann" "$(id_of "$ann")"
is "$status" 204 'the current one may end, too'
fn user-get -t "$ann"
is "$status" 401 'and has'

bad_input session-delete
