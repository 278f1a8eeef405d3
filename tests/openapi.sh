#!/bin/sh
# SPDX-License-Identifier: MIT
# openapi -- the document of "mayfly openapi": it is OpenAPI 3.1, follows from the
# functions alone, says what the functions answer, and what the contract of the
# RealWorld project says; and "mayfly reference" shows all of it.
. "${top_srcdir:-.}/tests/lib.sh"

command -v node >/dev/null || skip_all 'node is not installed'
npm_require
mayfly=$top_builddir/mayfly
db_start
plan 27

look() { (cd "$tmp" && node openapi.mjs "$@" 2>&1); }

# --- the document -----------------------------------------------------------

document() { "$mayfly" openapi "$top_builddir/cgi-bin" >"$tmp/openapi.json"; }
ok 'it is made' document
is "$(look valid "$tmp/openapi.json")" '' 'it is OpenAPI 3.1'
is "$(jq -r '.openapi[0:3], .info.title, .servers[0].url' \
    "$tmp/openapi.json" | paste -s -d ' ')" '3.1 API /' 'with a head'
"$mayfly" openapi --title T --api-version 7 --server https://b.example \
    "$top_builddir/cgi-bin" | jq -r '.info.title, .info.version,
    .servers[0].url' | paste -s -d ' ' >"$tmp/head"
is "$(cat "$tmp/head")" 'T 7 https://b.example' 'or another one'

mkdir "$tmp/one" "$tmp/two"
n=0
for program in "$top_builddir"/cgi-bin/*; do
	test -x "$program" && test -f "$program" || continue
	n=$((n + 1))
	test $((n % 2)) -eq 0 && to=one || to=two
	cp "$program" "$tmp/$to"
done
"$mayfly" openapi "$tmp/one:$tmp/two" >"$tmp/again.json"
ok 'the order of folders does not matter' \
    cmp "$tmp/openapi.json" "$tmp/again.json"
is "$(jq '[.paths[][]] | length' "$tmp/openapi.json")" "$n" \
    'each function is in it'
is "$(jq -r '.paths[][] | .responses | to_entries[] |
    select(.key | startswith("2")) | .value.content // {} |
    to_entries[] | select(.value.schema == {}) | .key' "$tmp/openapi.json")" \
    '' 'and says the shape of what it answers'

# Inputs of each type and place, from a function that has them.
mkdir "$tmp/input" && cp "$top_builddir/tests/fn/input" "$tmp/input"
"$mayfly" openapi "$tmp/input" >"$tmp/input.json"
is "$(look valid "$tmp/input.json")" '' 'one with all kinds of inputs is, too'
is "$(jq -c '.paths[][].parameters[] | [.name, .in, .required, .schema.type,
    .schema.items.enum, .schema.minimum, .schema.maximum, .schema.default]' \
    "$tmp/input.json")" '["id","path",true,"string",null,null,null,null]
["limit","query",null,"integer",null,1,null,20]
["colour","query",null,"array",["red","green","blue"],null,null,null]
["x-api-key","header",null,"string",null,null,null,null]
["session","cookie",null,"string",null,null,null,null]' 'its parameters'
is "$(jq -c '.components.schemas.InputInput.properties | [.line.maxLength,
    .secret.format, .decimal.type, .choice.enum, .choice.default, .time.format,
    .json.type, .pattern.pattern, .note.type, .address.properties.zip.maximum,
    .numbers.maxItems]' "$tmp/input.json")" '[10,"password",["number","string"],["draft","published"],"draft","date-time",null,"^(?:[a-z]+|[0-9]{2,4})$",["string","null"],9999,3]' \
    'and members of its body'

# --- what cannot be described is refused ------------------------------------

# pretend NAME JQ: a function that prints what health does, changed.
pretend() {
	mkdir -p "$tmp/$1"
	"$top_builddir/cgi-bin/health" --describe | jq -c "$2" \
	    >"$tmp/$1.describe"
	printf '#!/bin/sh\ncat %s\n' "$tmp/$1.describe" >"$tmp/$1/$1"
	chmod 755 "$tmp/$1/$1"
}
refused() {
	"$mayfly" openapi "$tmp/$1:$top_builddir/cgi-bin" 2>&1 >"$tmp/out" |
	    sed -n '1s/.* error: [^ ]* //p'
	test ! -s "$tmp/out" || echo 'and a document'
}
pretend other '.name = "other"'
is "$(refused other)" \
    '(GET /healthz) and other (GET /healthz) match the same path' \
    'two functions of one route'
pretend pattern '.name = "pattern" | .path = "/api/profiles/:other"'
like "$(refused pattern)" '/api/profiles/:.*match the same path$' \
    'two patterns that match one path'
pretend shape '.name = "shape" | .path = "/s" | .replies[0].shape = {a: "pear"}'
is "$(refused shape)" 'has a word in a shape that is no type' 'no type'
# shellcheck disable=SC2016 # of jq
pretend name '.name = "name" | .path = "/n" | .replies[0].shape =
    {"$name": "Profile", a: "int"}'
is "$(refused name)" 'has an object in a shape whose name another has' \
    'two objects of one name'
# shellcheck disable=SC2016 # of jq
pretend bad '.name = "bad" | .path = "/b" | .replies[0].shape =
    {"$name": "../x", a: "int"}'
is "$(refused bad)" 'has a shape with a bad name' 'no name for a reference'
pretend hostile '.name = "hostile" | .path = "/h" | .about = "</p><script>" |
    .replies = 7 | .inputs = [{name: "<i>", in: "query", type: [], min: "x",
    max: {}, choices: 3, or_else: "\"", about: "<b>"}]'
"$mayfly" reference "$tmp/hostile" >"$tmp/hostile.html"
is "$(grep -c '<script\|<b>\|<i>' "$tmp/hostile.html")
$(grep -c '&lt;/p&gt;&lt;script&gt;' "$tmp/hostile.html")" '0
2' 'the page holds no markup of a function'

# --- answers ----------------------------------------------------------------

# answer NAME [OPTION]...: as fn, and keep the answer.
answer() {
	fn "$@"
	jq -nc --arg operation "$1" --argjson status "$status" \
	    --arg body "$body" --arg type "$(printf '%s\n' "$headers" |
		sed -n 's/^Content-Type: //p')" '$ARGS.named' >>"$tmp/answers"
	said="$said $status"
}
said=''
token=$(new_user ann)
answer user-create -d '{"user":{"username":"bob","email":"b@example.org",
    "password":"correct horse"}}'
answer user-create -d '{"user":{"username":"bob","email":"b@example.org",
    "password":"correct horse"}}'
answer user-create -d '{"user":{"username":" "}}'
answer user-create -d '{'
answer user-create -e HTTP_CONTENT_ENCODING=gzip -d '{}'
answer user-login -d '{"user":{"email":"b@example.org","password":"x"}}'
answer user-login -d '{"user":{"email":"b@example.org",
    "password":"correct horse"}}'
answer user-get
answer user-get -t "$token"
answer user-get -t "$token" -e REQUEST_SCHEME=https
answer article-list
answer article-create -t "$token" -d '{"article":{"title":"A","description":"B",
    "body":"C","tagList":["d"]}}'
slug=$(json .article.slug)
answer article-create -t "$token" -d '{"article":{}}'
answer article-list -t "$token" -q 'limit=1&tag=d'
answer article-list -q limit=0
answer article-list -q limit=0 -e HTTP_ACCEPT=application/problem+json
answer article-get -p "/$slug"
answer article-get -p "/none"
answer article-get -p "/$slug" -t bad
answer article-update -m PUT -t "$token" -p "/$slug" \
    -d '{"article":{"description":"E"}}'
answer article-favorite -m POST -t "$token" -p "/$slug/favorite"
answer article-unfavorite -m DELETE -t "$token" -p "/$slug/favorite"
answer comment-create -t "$token" -p "/$slug/comments" \
    -d '{"comment":{"body":"F"}}'
id=$(json .comment.id)
answer comment-list -p "/$slug/comments"
answer comment-delete -m DELETE -t "$token" -p "/$slug/comments/$id"
answer comment-delete -m DELETE -t "$token" -p "/$slug/comments/$id"
answer profile-get -p /bob
answer profile-follow -m POST -t "$token" -p /bob/follow
answer profile-unfollow -m DELETE -t "$token" -p /bob/follow
answer article-feed -t "$token"
answer user-update -m PUT -t "$token" -d '{"user":{"bio":"G"}}'
answer session-create -d '{"session":{"email":"b@example.org",
    "password":"correct horse"}}'
refresh=$(json .session.refreshToken)
answer session-refresh -d '{"refreshToken":"'"$refresh"'"}'
answer session-refresh -d '{"refreshToken":"'"$refresh"'"}'
answer article-delete -m DELETE -t "$token" -p "/$slug"
answer tag-list
answer health
answer ready
is "$said" ' 201 409 422 400 415 401 200 401 200 200 200 201 422 200 422 422 200 404 401 '\
'200 200 200 201 200 204 404 200 200 200 200 200 201 200 401 204 200 200 200' \
    'functions answer and refuse'
is "$(look answers "$tmp/openapi.json" "$tmp/answers")" '' \
    'all of it is as the document says'
sed 's/\\"favoritesCount\\":0/\\"favoritesCount\\":\\"0\\"/
    s/\\"bio\\":null/\\"bio\\":null,\\"more\\":1/' "$tmp/answers" >"$tmp/wrong"
is "$(look answers "$tmp/openapi.json" "$tmp/wrong" |
    grep -c 'must be integer\|must NOT have additional')" 22 \
    'a wrong answer would be seen'

# --- the contract -----------------------------------------------------------

# Ours may take more, which can be left out, but answers no more.
# Exceptions: the contract has 422 for every route.  Ours is for inputs of query
# and body alone: a path that nothing can have is a 404.  Statuses that only we
# have (304, 400, 413, ...) are not compared.
is "$(look contract "$tmp/openapi.json" "$top/tests/npm/realworld.yml" |
    grep -v ' 422: only in the contract$')" '' \
    'routes, parameters and members are those of the contract'
# differs JQ REGEX NAME: what the contract says of the document, changed by JQ.
differs() {
	jq "$1" "$tmp/openapi.json" >"$tmp/other.json"
	like "$(look contract "$tmp/other.json" \
	    "$top/tests/npm/realworld.yml")" "$2" "$3 would be seen"
}
differs '.components.schemas.Article.properties |= del(.tagList)' \
    '^get /api/articles/\{slug\} 200: ' 'an answer with less'
differs '.components.schemas.Comment.properties.more = {type: "string"}' \
    '^get /api/articles/\{slug\}/comments 200: ' 'one with more'
differs '(.paths["/api/articles"].get.parameters[] | select(.name == "q") |
    .required) = true' '^get /api/articles parameters: ' \
    'a parameter that has to be given'
differs '.components.schemas.ArticleCreateInput.required += ["publishedAt"]' \
    '^post /api/articles required: ' 'a member that has to be given'
differs '.components.schemas.ArticleCreateInput.properties |= del(.tagList)' \
    '^post /api/articles body: ' 'a member that is not taken'

# --- the page ---------------------------------------------------------------

"$mayfly" reference "$top_builddir/cgi-bin" >"$tmp/api.html"
sed "s/&#39;/'/g; s/&amp;/\&/g" "$tmp/api.html" >"$tmp/api.txt"
jq -r '.paths | to_entries[] | .key, (.value[] | .operationId, .summary)' \
    "$tmp/openapi.json" | while read -r text; do
	grep -qF "$text" "$tmp/api.txt" || echo "$text"
done >"$tmp/missing"
is "$(cat "$tmp/missing")" '' 'the reference has each operation'
is "$(grep -oE '<script|(src|href)="[a-z]*:?//[^"]*' "$tmp/api.html")" '' \
    'no script, and nothing of another host'
