#!/bin/sh
# SPDX-License-Identifier: MIT
# The RealWorld API v2.0.0 as a front end meets it: each route and each error of
# the contract, through the whole stack.  The functions alone: tests/NAME.sh.
. "${top_srcdir:-.}/tests/lib.sh"

# ask METHOD PATH [TOKEN [BODY [CURL-OPTION...]]]: sets $status, $headers, $body.
ask() {
	_method=$1 _path=$2 _token=${3-} _body=${4-}
	test $# -lt 4 && shift $# || shift 4
	status=$(curl -s --noproxy '*' --max-time 10 -X "$_method" \
	    -D "$tmp/headers" -o "$tmp/body" -w '%{http_code}' \
	    ${_token:+-H "Authorization: ${scheme:-Token} $_token"} \
	    ${_body:+-H 'Content-Type: application/json' -d "$_body"} "$@" \
	    "$url/api$_path")
	headers=$(tr -d '\r' <"$tmp/headers")
	body=$(cat "$tmp/body")
	test "$_method" = HEAD || like "$headers" \
	    '^[Aa]ccess-[Cc]ontrol-[Aa]llow-[Oo]rigin: \*$' \
	    "$_method $_path: $status, for every origin"
}
said() { is "$status $body" "$1" "$2"; }
error() { said "$1 {\"errors\":{\"$2\":[\"$3\"]}}" "$4"; }
register() {
	ask POST /users '' "{\"user\":{\"username\":\"$1\",\"email\":\"$1@example.org\",\"password\":\"password\"}}"
}
user='bio email image token username'
profile='bio following image username'
article='author body createdAt description favorited favoritesCount slug tagList title updatedAt'
item=$(echo "$article" | sed 's/ body//')

stack_start

# --- users ------------------------------------------------------------------

register ann
is "$status $(json '.user | keys | join(" ")')" "201 $user" 'register'
is "$(json '.user | [.username, .email, .bio, .image] | @json')" \
    '["ann","ann@example.org",null,null]' 'with these values'
like "$headers" '^[Cc]ontent-[Tt]ype: application/json; charset=utf-8$' 'in JSON'
ann=$(json .user.token)
register bob
bob=$(json .user.token)
register ann
error 409 username 'has already been taken' 'a name that is taken'
ask POST /users '' '{"user":{"username":"x","email":"ann@example.org","password":"password"}}'
error 409 email 'has already been taken' 'an address that is taken'
for field in username email password; do
	ask POST /users '' "$(jq -nc --arg f "$field" '{user: ({username: "x",
	    email: "x@x.org", password: "password"} | .[$f] = "")}')"
	error 422 "$field" "can't be blank" "register: blank $field"
done
ask POST /users/login '' '{"user":{"email":"ann@example.org","password":"password"}}'
is "$status $(json '.user | keys | join(" ")')" "200 $user" 'login'
ask POST /users/login '' '{"user":{"email":"ann@example.org","password":"wrong"}}'
error 401 credentials invalid 'a wrong password'
ask POST /users/login '' '{"user":{"email":"no@example.org","password":"wrong"}}'
error 401 credentials invalid 'an unknown address'
for field in email password; do
	ask POST /users/login '' "$(jq -nc --arg f "$field" \
	    '{user: ({email: "x@x.org", password: "x"} | .[$f] = "")}')"
	error 422 "$field" "can't be blank" "login: blank $field"
done
for scheme in Token Bearer; do
	ask GET /user "$ann"
	is "$status $(json .user.email)" '200 ann@example.org' "as $scheme"
done
scheme=Token
ask PUT /user "$ann" '{"user":{"bio":"b","image":"http://x/y.png"}}'
is "$status $(json '.user | [.username, .bio, .image] | @json')" \
    '200 ["ann","b","http://x/y.png"]' 'change bio and image'
for value in '""' null; do
	ask PUT /user "$ann" "{\"user\":{\"bio\":$value,\"image\":$value}}"
	ask GET /user "$ann"
	is "$(json '.user | [.bio, .image] | @json')" '[null,null]' \
	    "$value takes them away"
done
for field in email username password; do
	ask PUT /user "$ann" "{\"user\":{\"$field\":\"\"}}"
	error 422 "$field" "can't be blank" "change: blank $field"
done
ask PUT /user "$ann" '{"user":{"username":"bob"}}'
error 409 username 'has already been taken' 'change: the name of another'
ask PUT /user "$ann" '{"user":{"username":"ann b"}}'
ask GET /user "$ann"
is "$status $(json .user.username)" '200 ann b' 'a token outlives a rename'

# --- profiles ---------------------------------------------------------------

ask GET /profiles/ann%20b
is "$status $(json '.profile | keys | join(" ")') $(json .profile.following)" \
    "200 $profile false" 'a profile'
ask POST /profiles/ann%20b/follow "$bob"
is "$status $(json .profile.following)" '200 true' 'follow'
ask POST /profiles/ann%20b/follow "$bob"
is "$status $(json .profile.following)" '200 true' 'again'
ask GET /profiles/ann%20b "$bob"
is "$(json .profile.following)" true 'it is told'
for method in POST DELETE; do
	ask $method /profiles/nobody/follow "$bob"
	error 404 profile 'not found' "$method follow: nobody"
	ask $method /profiles/nobody/follow
	error 401 token 'is missing' "$method follow: no token"
done
ask GET /profiles/nobody
error 404 profile 'not found' 'an unknown profile'

# --- articles ---------------------------------------------------------------

ask POST /articles "$ann" '{"article":{"title":"How to: fly","description":"d",
    "body":"b","tagList":["d_","t_"]}}'
is "$status $(json '.article | keys | join(" ")')" "201 $article" 'publish'
is "$(json '.article | [.tagList, .favorited, .favoritesCount] | @json')" \
    '[["d_","t_"],false,0]' 'with tags in order'
slug=$(json .article.slug) created=$(json .article.createdAt)
ask POST /articles "$ann" '{"article":{"title":"How to: fly","description":"d",
    "body":"b"}}'
is "$status $(json '.article.tagList | @json')" '201 []' 'the same title again'
ok 'has another slug' test "$(json .article.slug)" != "$slug"
second=$(json .article.slug)
for field in title description body; do
	ask POST /articles "$ann" "$(jq -nc --arg f "$field" '{article:
	    ({title: "t", description: "d", body: "b"} | .[$f] = "")}')"
	error 422 "$field" "can't be blank" "publish: blank $field"
done
ask GET "/articles/$slug"
is "$status $(json '.article | keys | join(" ")')" "200 $article" 'an article'
ask GET '/articles?limit=1'
is "$status $(json '.articles[0] | keys | join(" ")') $(json .articlesCount)" \
    "200 $item 2" 'the list, without bodies'
for query in tag=d_ author=ann%20b author=ann+b; do
	ask GET "/articles?$query"
	like "$(json '[.articles[].slug] | @json')" "$slug" "by $query"
done
for query in tag=x author=x favorited=x; do
	ask GET "/articles?$query"
	said '200 {"articles":[],"articlesCount":0}' "by $query"
done
ask GET /articles/feed "$bob"
is "$status $(json '[.articles[].slug] | @json') $(json .articlesCount)" \
    "200 [\"$second\",\"$slug\"] 2" 'feed is a route, no slug'
ask GET /articles/feed "$ann"
said '200 {"articles":[],"articlesCount":0}' 'of whom follows nobody'
ask DELETE /profiles/ann%20b/follow "$bob"
is "$status $(json .profile.following)" '200 false' 'unfollow'
ask PUT "/articles/$slug" "$ann" '{"article":{"body":"new"}}'
is "$status $(json '.article | [.slug, .body, .tagList, .createdAt] | @json')" \
    "200 [\"$slug\",\"new\",[\"d_\",\"t_\"],\"$created\"]" 'change the body'
ok 'updatedAt differs' test "$(json .article.updatedAt)" != "$created"
ask PUT "/articles/$slug" "$ann" '{"article":{"tagList":null}}'
is "$status" 422 'tagList: null'
ask PUT "/articles/$slug" "$ann" '{"article":{"tagList":[]}}'
is "$status $(json '.article.tagList | @json')" '200 []' 'tagList: []'
ask PUT "/articles/$slug" "$ann" '{"article":{"title":"Fly","tagList":["t_"]}}'
is "$status $(json .article.slug | cut -c 1-4)" '200 fly-' \
    'another title, another slug'
slug=$(json .article.slug)
ask PUT "/articles/$slug" "$bob" '{"article":{"body":"x"}}'
error 403 article forbidden 'not by another'
ask PUT /articles/none "$ann" '{"article":{"body":"x"}}'
error 404 article 'not found' 'change: an unknown slug'
for row in 'PUT /articles/none' 'DELETE /articles/none' 'POST /articles' \
    'POST /articles/none/favorite' 'DELETE /articles/none/favorite' \
    'POST /articles/none/comments' 'DELETE /articles/none/comments/1' \
    'GET /articles/feed' 'GET /user' 'PUT /user'; do
	# shellcheck disable=SC2086 # method and path
	ask $row
	error 401 token 'is missing' "$row: no token"
	# shellcheck disable=SC2086
	ask $row junk
	error 401 token 'is invalid' "$row: a junk token"
done
ask GET /articles/none
error 404 article 'not found' 'an unknown slug'
ask GET /tags
said '200 {"tags":["t_"]}' 'the tags in use'

# --- favourites -------------------------------------------------------------

for n in 1 1; do
	ask POST "/articles/$slug/favorite" "$bob"
	is "$status $(json '.article | [.favorited, .favoritesCount] | @json')" \
	    "200 [true,$n]" 'favourite, also again'
done
ask GET '/articles?favorited=bob'
is "$(json '[.articles[].slug] | @json')" "[\"$slug\"]" 'by favourites'
for n in 0 0; do
	ask DELETE "/articles/$slug/favorite" "$bob"
	is "$status $(json '.article | [.favorited, .favoritesCount] | @json')" \
	    "200 [false,$n]" 'unfavourite, also again'
done
for method in POST DELETE; do
	ask $method /articles/none/favorite "$bob"
	error 404 article 'not found' "$method favorite: an unknown slug"
done
# A fan has bob's password, and his hash: no time goes into twenty others.
fan_token() {
	curl -s --noproxy '*' -H 'Content-Type: application/json' -d \
	    "{\"user\":{\"email\":\"fan$1@example.org\",\"password\":\"password\"}}" \
	    "$url/api/users/login" | jq -r .user.token
}
fans=$(seq 20)
for n in $fans; do
	stack_sql "INSERT INTO account (username, email, password_hash)
	    SELECT 'fan$n', 'fan$n@example.org', password_hash FROM account
	    WHERE username = 'bob'"
	fan_token "$n" >"$tmp/fan$n"
done
pids=''
for n in $fans; do
	curl -s --noproxy '*' -o /dev/null -w '%{http_code}\n' -X POST \
	    -H "Authorization: Token $(cat "$tmp/fan$n")" \
	    "$url/api/articles/$slug/favorite" >"$tmp/fan$n.status" &
	pids="$pids $!"
done
for pid in $pids; do wait "$pid"; done
is "$(cat "$tmp"/fan*.status | sort | uniq -c | tr -s ' ')" ' 20 200' \
    'twenty at once make it a favourite'
ask GET "/articles/$slug"
is "$(json .article.favoritesCount)" 20 'and all are counted'

# --- comments ---------------------------------------------------------------

ask POST "/articles/$slug/comments" "$bob" '{"comment":{"body":"hi"}}'
is "$status $(json '.comment | keys | join(" ")')" \
    '201 author body createdAt id updatedAt' 'comment'
id=$(json .comment.id)
ask GET "/articles/$slug/comments"
is "$status $(json '[.comments[] | [.id, .body, .author.username]] | @json')" \
    "200 [[$id,\"hi\",\"bob\"]]" 'the comments'
ask POST "/articles/$slug/comments" "$bob" '{"comment":{"body":""}}'
error 422 body "can't be blank" 'comment: blank'
ask POST /articles/none/comments "$bob" '{"comment":{"body":"hi"}}'
error 404 article 'not found' 'comment: an unknown slug'
ask GET /articles/none/comments
error 404 article 'not found' 'comments: an unknown slug'
ask DELETE "/articles/$slug/comments/$id" "$ann"
error 403 comment forbidden 'delete a comment: not by another'
ask DELETE "/articles/$slug/comments/999999" "$bob"
error 404 comment 'not found' 'delete a comment: an unknown one'
ask DELETE "/articles/none/comments/$id" "$bob"
error 404 article 'not found' 'delete a comment: an unknown slug'
ask DELETE "/articles/$slug/comments/$id" "$bob"
said '204 ' 'delete a comment'
is "$(echo "$headers" | grep -ci '^content-type')" 0 'of no type'

# --- the end ----------------------------------------------------------------

ask DELETE "/articles/$slug" "$bob"
error 403 article forbidden 'delete: not by another'
ask DELETE /articles/none "$bob"
error 404 article 'not found' 'delete: an unknown slug'
ask DELETE "/articles/$slug" "$ann"
said '204 ' 'delete'
ask GET "/articles/$slug"
is "$status" 404 'it is gone'
for path in /articles "/articles/$second/comments/1" /user; do
	ask OPTIONS "$path" '' '' -H 'Origin: http://x' \
	    -H 'Access-Control-Request-Method: DELETE' \
	    -H 'Access-Control-Request-Headers: authorization'
	like "$status" '^20[04]$' "a browser may ask: $path"
	like "$headers" '^[Aa]ccess-[Cc]ontrol-[Aa]llow-[Hh]eaders:.*[Aa]uthorization' \
	    'to send a token'
	like "$headers" '^[Aa]ccess-[Cc]ontrol-[Aa]llow-[Mm]ethods: .*OPTIONS' \
	    'by its methods'
done
stack_sql 'UPDATE session SET ended_at = now()'
ask GET /user "$ann"
error 401 token 'is invalid' 'a session that has ended is over at once'
is "$(disagreement stack_sql)" '' 'all counters agree'
plan "$count"
