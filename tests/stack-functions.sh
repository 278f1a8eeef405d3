#!/bin/sh
# SPDX-License-Identifier: MIT
# Every function through nginx, mayflyd, PgBouncer and PostgreSQL: what a front
# end does, then what nobody should.  In detail and without a server each is
# tested by tests/NAME.sh, and with bad input by tests/bad-input.sh.
. "${top_srcdir:-.}/tests/lib.sh"

json='Content-Type: application/json'

# http METHOD PATH [CURL-OPTION...]: sets $status, $headers and $body.
http() {
	_method=$1 _path=$2
	shift 2
	status=$(curl -s --noproxy '*' --max-time 10 --path-as-is -X "$_method" \
	    -D "$tmp/headers" -o "$tmp/body" -w '%{http_code}' "$@" \
	    "$url$_path")
	headers=$(tr -d '\r' <"$tmp/headers")
	body=$(cat "$tmp/body")
}
send() { # METHOD PATH BODY [CURL-OPTION...]
	_verb=$1 _to=$2 _what=$3
	shift 3
	http "$_verb" "$_to" -H "$json" --data-binary "$_what" "$@"
}
as() { echo "Authorization: Token $1"; }
rows() {
	psql -qXAt -h "$var/run" -U mayfly -d mayfly -c "
	    SELECT (SELECT count(*) FROM account),
	    (SELECT count(*) FROM article), (SELECT count(*) FROM article_tag)"
}

stack_start

# --- what a front end does --------------------------------------------------

send POST /api/users '{"user":{"username":"ann","email":"ann@example.org",
    "password":"correct horse"}}'
is "$status $(json '.user | "\(.username) \(.email) \(.bio) \(.image)"')" \
    '201 ann ann@example.org null null' 'a user registers'
send POST /api/users '{"user":{"username":"ann","email":"b@example.org",
    "password":"correct horse"}}'
is "$status $body" '409 {"errors":{"username":["has already been taken"]}}' \
    'nobody else of this name'
send POST /api/users/login '{"user":{"email":"ann@example.org",
    "password":"correct horse"}}'
is "$status $(json .user.username)" '200 ann' 'logs in'
ann=$(json .user.token)
send POST /api/users/login '{"user":{"email":"ann@example.org",
    "password":"wrong horse"}}'
is "$status $body" '401 {"errors":{"credentials":["invalid"]}}' \
    'not with another password'
for scheme in Token Bearer; do
	http GET /api/user -H "Authorization: $scheme $ann"
	is "$status $(json .user.email)" '200 ann@example.org' \
	    "is known by \"$scheme\""
done
http GET /api/user
is "$status $body" '401 {"errors":{"token":["is missing"]}}' 'only then'
like "$headers" '^WWW-Authenticate: Token$' 'and is told how'

for n in 1 2 3; do
	send POST /api/articles '{"article":{"title":"Title & Ü '"$n"'",
	    "description":"About","body":"# Text","tagList":["d_","t_'"$n"'"]}}' \
	    -H "$(as "$ann")"
	is "$status $(json '.article | "\(.title) \(.tagList | join(" "))
\(.favorited) \(.favoritesCount) \(.author.username) \(.createdAt == .updatedAt)"')" \
	    "201 Title & Ü $n d_ t_$n
false 0 ann true" "publishes article $n"
done
slug=$(json .article.slug) published=$(json .article.createdAt)
http GET "/api/articles/$slug"
is "$status $(json '.article | "\(.body) \(.createdAt)"')" \
    "200 # Text $published" 'which everybody can read'
http GET "/api/articles/%74${slug#t}"
is "$status $(json .article.slug)" "200 $slug" 'by an encoded path, too'
for path in "/api/%61rticles/$slug" "//api//articles/$slug" \
    "/api/x/../articles/$slug"; do
	http GET "$path" --path-as-is
	is "$status $(json .article.slug)" "200 $slug" "and by $path"
done
http GET /api/articles
is "$status $(json '"\(.articlesCount) \([.articles[].title[-1:]] | join(" "))
\([.articles[] | has("body")] | any)"')" '200 3 3 2 1
false' 'newest first, without their bodies'
http GET '/api/articles?limit=1&offset=1'
is "$(json '"\(.articlesCount) \(.articles[0].title[-1:])"')" '3 2' 'a page'
http GET '/api/articles?tag=t_1'
is "$(json '"\(.articlesCount) \(.articles[0].title[-1:])"')" '1 1' 'by tag'
http GET '/api/articles?author=ann'
is "$(json .articlesCount)" 3 'by author'
http GET '/api/articles?favorited=ann'
is "$body" '{"articles":[],"articlesCount":0}' 'by favourite'
http GET /api/tags
is "$status $(json '.tags | join(" ")')" '200 d_ t_1 t_2 t_3' 'tags in use'
http GET /api/articles/no-such-thing
is "$status $body" '404 {"errors":{"article":["not found"]}}' 'an unknown slug'
is "$(curl -sI -o "$tmp/body" -w '%{http_code} %{size_download}' \
    "$url/api/articles")" '200 0' 'HEAD has no body'
http GET /healthz
is "$status" 200 'health'
http GET /readyz
is "$status" 200 'readiness'

# --- what nobody should -----------------------------------------------------

functions=$(for program in "$var"/cgi-bin/*; do
	"$program" --describe
done | jq -s .)
past=$(date -d '1 day ago' +%s)
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
signed=$(printf '{"alg":"HS256","typ":"JWT"}' | base64url).$(printf \
    '{"sub":"1","iat":%s,"exp":%s}' $((past - 60)) "$past" | base64url)
expired=$signed.$(printf %s "$signed" | openssl dgst -binary -sha256 -hmac \
    "$(sed -n 's/^MAYFLY_TOKEN_SECRET=//p' "$var/env")" | base64url)

repeat 60000 '[' >"$tmp/deep"
printf '{"user":{"email":"\300\200"},"article":{"title":"\377"}}' >"$tmp/bytes"
cat >"$tmp/bodies" <<'END'
{
[]
null
"text"
{"user":7,"article":7}
{"user":{},"article":{}}
{"user":{"email":1,"username":[],"password":{}},"article":{"title":7,"description":null,"body":[],"tagList":"x"}}
{"user":{"email":"","username":" ","password":""},"article":{"title":"\t","description":"","body":" ","tagList":[""]}}
{"user":{"email":"a@b.c","email":"d@e.f"},"article":{"title":"a","title":"b"}}
{"user":{"email":"\u0000@b.c","username":"\u0000","password":"\u0000"},"article":{"title":"\u0000"}}
{"user":{"email":"\ud800@b.c"},"article":{"title":"\udc00"}}
{"user":{"email":"' OR 1=1 --","username":"x'; DROP TABLE account; --","password":"' OR 'a'='a"},"article":{"title":"'); DELETE FROM article; --"}}
END

# tried WANTED WHAT: the last answer is one of these statuses, in the API's
# form; otherwise a line in $tmp/faults.
tried() {
	case " $1 " in
	*" $status "*) ;;
	*) echo "$name: $2: $status $body" ;;
	esac >>"$tmp/faults"
	test "$status" -lt 400 || jq -e '.errors | type == "object" and
	    length > 0 and all(.[]; type == "array" and length > 0 and
		all(.[]; type == "string"))' "$tmp/body" >"$tmp/ok" 2>&1 ||
	    echo "$name: $2: not an error of the API: $body" >>"$tmp/faults"
}

before=$(rows)
: >"$tmp/faults"
printf '%s\n' "$functions" | jq -r '.[] | [.name, .method, .path, .auth,
    .body_root // "-", .limits.body_max_bytes] | join(" ")' >"$tmp/list"
while read -r name method path auth root most; do
	path=$(echo "$path" | sed 's/:[a-z]*/no-such-thing/')
	for token in x "$ann"x "$expired" "$(echo "$ann" | cut -d . -f 1,2)."; do
		http "$method" "$path" -H "$(as "$token")" -H "$json" -d '{}'
		case $auth in
		public) tried '200 401 404 422' 'a token that is not looked at' ;;
		*) tried 401 'a wrong token' ;;
		esac
	done
	for query in 'limit=x' 'limit=-1' 'offset=1e9' 'tag=%00' 'tag=%ff' \
	    'limit=20%00' "author=' OR 1=1 --" '%zz=%zz' "$(repeat 4000 x)"; do
		http "$method" "$path?$(echo "$query" | sed "s/ /%20/g")" \
		    -H "$(as "$ann")" -H "$json" -d '{}'
		tried '200 201 202 204 400 401 403 404 409 422' "query $query"
	done
	http PATCH "$path" -H "$(as "$ann")" # which none of them is
	tried 405 'PATCH'
	http "$method" "$path" -H "X-Large: $(repeat 20000 x)"
	tried 431 'a header that is too long'
	http "$method" "$path?$(repeat 20000 x)"
	tried 414 'a path that is too long'
	repeat $((most + 1)) x >"$tmp/large"
	http "$method" "$path" -H "$json" -H "$(as "$ann")" -H 'Expect:' \
	    --data-binary "@$tmp/large"
	tried 413 'a byte more than a body may have'
	test "$root" != - || continue
	for file in deep bytes; do
		http "$method" "$path" -H "$json" -H "$(as "$ann")" \
		    --data-binary "@$tmp/$file"
		tried '400 401 403 404' "$file"
	done
	while IFS= read -r bad; do
		send "$method" "$path" "$bad" -H "$(as "$ann")"
		tried '400 401 403 404 422' "$bad"
	done <"$tmp/bodies"
	http "$method" "$path" -H 'Content-Type: text/plain' -d '{}'
	tried 415 'of another type'
done <"$tmp/list"
is "$(wc -l <"$tmp/list")" "$(find "$top/cgi-bin" -name '*.c' | wc -l)" \
    'every function was tried'
is "$(head -n 20 "$tmp/faults")" '' 'each answer was a 4xx in its form'
is "$(rows)" "$before" 'nothing was stored'
is "$(jq -Rr 'fromjson? | select(.level == "error") | .msg' \
    "$var/log/mayflyd.log")" '' \
    'and nothing is the fault of a function or of mayflyd'
is "$("$var/bin/mayfly" status -o json --run-dir "$var/run" |
    jq -c '[.functions[] | .crashes + .killed] | add')" 0 'none died'
plan "$count"
