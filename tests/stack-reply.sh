#!/bin/sh
# SPDX-License-Identifier: MIT
# Replies of every kind through nginx: nothing of them is lost or changed on the
# way; conditions, also of what nginx has compressed; forms of an error.
. "${top_srcdir:-.}/tests/lib.sh"

mkdir "$tmp/reply" && cp "$top_builddir/tests/fn/reply" "$tmp/reply"
stack_start -f "$tmp/reply"

# get QUERY [CURL-OPTION]...: sets $status, $headers and $body.
get() {
	_query=$1
	shift
	status=$(curl -s --noproxy '*' --max-time 10 -D "$tmp/headers" \
	    -o "$tmp/body" -w '%{http_code}' "$@" "$url/test/reply?how=$_query")
	headers=$(tr -d '\r' <"$tmp/headers")
	body=$(cat "$tmp/body")
}
header() { printf '%s\n' "$headers" | sed -n "s/^$1: //Ip"; }

get html
is "$status $(header Content-Type) $body" "200 text/html; charset=utf-8 \
<p title='a&lt;b'>a&lt;b is 7%</p>" 'HTML'
get none
is "$status $(header Content-Type)$(header Content-Length)" '204 ' 'a 204'
get 'redirect&text=/a%0Ab'
is "$status $(header Location) $(header Content-Length)" '303 /a%0Ab 0' \
    'a redirect, as the function wrote it'
get cookies
is "$(header Set-Cookie | cut -d = -f 1 | tr '\n' ' ')" 'a __Host-b c d e ' \
    'each cookie'

get json
tag=$(header ETag)
like "$tag" '^"[0-9a-f]{32}"$' 'a tag'
for list in "$tag" "W/$tag" '*' "\"x\", $tag"; do
	: >"$tmp/body"
	get json -H "If-None-Match: $list"
	is "$status $(header ETag) $(header Cache-Control) $body" \
	    "304 $tag no-cache " "had already: $list"
	is "$(header Content-Type)$(header Content-Length)" '' \
	    'so nothing is said of content'
done
get json -H 'If-None-Match: "x"'
is "$status $body" '200 {"text":"a<b"}' 'had another'
get json -I -H "If-None-Match: $tag"
is "$status" 304 'HEAD'
get json -I
is "$status $(header ETag) $(header Content-Length)" "200 $tag 14" \
    'HEAD of what was not there'

get refused -H 'Accept: application/problem+json'
is "$status $(header Content-Type) $(header Vary) \
$(json '"\(.status) \(.title): \(.detail), \(.requestId)"')" \
    "422 application/problem+json Accept 422 Unprocessable Content: title a<b, \
$(header X-Request-Id)" 'an error in the form of RFC 9457'
get refused -H 'Accept: */*'
is "$status $(header Content-Type) $(json '.errors.title[0]')" \
    '422 application/json; charset=utf-8 a<b' "and in RealWorld's"

# An nginx that compresses makes the tag weak.
sed 's/^\([[:blank:]]*\)absolute_redirect.*/&\n\1gzip on; gzip_min_length 1; gzip_types *;/' \
    "$var/nginx.conf" >"$tmp/gzip.conf"
cp "$tmp/gzip.conf" "$var/conf/nginx.conf"
kill -HUP "$(cat "$var/run/nginx.pid")"
compressed() {
	get json --compressed
	test "$(header Content-Encoding)" = gzip
}
# The worker from before may answer a while longer: what is looked at is the
# answer that was waited for.
ok 'an nginx with gzip on' wait_for compressed
is "$(header ETag) $body" "W/$tag {\"text\":\"a<b\"}" 'makes the tag weak'
get json --compressed -H "If-None-Match: $(header ETag)"
is "$status" 304 'which the function knows again'
plan "$count"
