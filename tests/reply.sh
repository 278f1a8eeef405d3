#!/bin/sh
# SPDX-License-Identifier: MIT
# What a reply can be: content of any type, redirects, cookies, both forms of
# an error, ETag and If-None-Match; and what a handler may not do with it.  Each
# answer is compared to the byte, but for the request's id.
. "${top_srcdir:-.}/tests/lib.sh"

# reply HOW TEXT [OPTION]...: $answer is what went out.
reply() {
	_how=$1 _text=$2
	shift 2
	fn ../tests/fn/reply -q "how=$_how${_text:+&text=$_text}" "$@"
	answer=$(sed '/^X-Request-Id: /d' "$tmp/reply")
}
# sends NAME HEADERS BODY: with the headers sorted, for their order means
# nothing.
sends() {
	is "$(printf '%s\n' "$answer" | sed '/^$/,$d' | sort)
$(printf '%s\n' "$answer" | sed '1,/^$/d')" "$(printf '%s\n' "$2" | sort)
$3" "$1"
}
etag() { sed -n 's/^ETag: //p' "$tmp/reply"; }
json='Content-Type: application/json; charset=utf-8'
public='Cache-Control: no-cache
Cache-Tag: tests
Status: 200 OK'

# --- content ----------------------------------------------------------------

dirty=%3Ca%20%26%C3%BC%22%27%2C%01 # <a &ü"', and a control character
reply json ''
sends 'JSON' "$public
$json
Content-Length: 14
ETag: \"c93ef9e1dcd0ffea63df8b547b97bdf7\"" '{"text":"a<b"}'
reply html "$dirty"
sends 'HTML: a text stays one' "$public
Content-Type: text/html; charset=utf-8
Content-Length: 75
ETag: $(etag)" "$(printf '<p title='\''&lt;a &amp;ü&quot;&#39;,\001'\''>&lt;a &amp;ü&quot;&#39;,\001 is 7%%</p>')"
reply xml "$dirty"
sends 'XML: and holds what XML can' "$public
Content-Type: application/xml
Content-Length: 36
ETag: $(etag)" '<a>&lt;a &amp;ü&quot;&#39;,�</a>'
reply csv "$dirty"
sends 'CSV: a field in quotes, and no ETag for a 201' \
    'Status: 201 Created
Content-Type: text/csv; charset=utf-8
Content-Length: 18
Cache-Control: no-store' "$(printf '1,,"<a &ü""'\'',\001"')"
is "$(tail -c 3 "$tmp/out" | od -A n -c | tr -s ' ')" ' " \r \n' \
    'its line ends with CR LF'
reply plain "$(repeat 300 x | sed 's/x/%C3%BC/g')"
is "$(sed '1,/^$/d' "$tmp/reply" | wc -c)" 600 'bytes as they are'
reply empty ''
sends 'a 202 of a type may be empty' 'Status: 202 Accepted
Content-Type: text/plain
Content-Length: 0
Cache-Control: no-store' ''
reply none ''
sends 'a 204 has neither content nor its headers' 'Status: 204 No Content
Cache-Control: no-store' ''
reply unchanged ''
sends 'nor has a 304, which a handler may say itself' \
    'Status: 304 Not Modified
Cache-Control: no-cache
Cache-Tag: tests
X-By: the handler' ''
reply large ''
is "$status $body $(logged)" '500 {"errors":{"server":["failed"]}} the reply '\
'is larger than 60000 bytes: .limits.reply_max_bytes' 'too much is a 500'

# --- elsewhere, and headers -------------------------------------------------

reply redirect /hats/7?a=b%26c%25#d
sends 'a redirect needs no content' 'Status: 303 See Other
Content-Length: 0
Cache-Control: no-store
Location: /hats/7?a=b&c%#d' ''
reply redirect '/x%0D%0ASet-Cookie:a=b%22%3C%3E%5C%7B%7F%C3%BC%20'
sends 'nothing is smuggled into its URL' 'Status: 303 See Other
Content-Length: 0
Cache-Control: no-store
Location: /x%0D%0ASet-Cookie:a=b%22%3C%3E%5C%7B%7F%C3%BC%20' ''
reply moved /a
sends 'and may have some' 'Status: 308 Permanent Redirect
Content-Type: text/plain
Content-Length: 6
Cache-Control: no-store
Location: /a' moved
reply redirect "/$(repeat 12300 a)"
is "$status $(logged)" '500 the headers are larger than 12288 bytes' \
    'a URL that nginx would not take is a 500'
reply two "$(repeat 6135 a)"
is "$status" 200 'headers of 12288 bytes'
reply two "$(repeat 6136 a)"
is "$status" 500 'but not of two more'
reply header 'a%20%25%0D%0Ab'
sends 'a value from outside is encoded; Cache-Control is one' "Status: 200 OK
$json
Content-Length: 11
Cache-Control: public, max-age=60
Cache-Tag: tests
ETag: $(etag)
X-Text: a%20%25%0D%0Ab" '{"text":""}'
reply cookies 'a%20%3B%2C%22%5C%C3%BC%25%0A='
sends 'cookies: safe by themselves, and not cached' "Status: 200 OK
$json
Content-Length: 11
Cache-Control: no-store
ETag: $(etag)
Set-Cookie: a=a%20%3B%2C%22%5C%C3%BC%25%0A=; Path=/; Secure; HttpOnly; SameSite=Lax
Set-Cookie: __Host-b=1; Max-Age=3600; Path=/; Secure; HttpOnly; SameSite=Strict
Set-Cookie: c=; Path=/x; Domain=example.org; Secure; SameSite=None
Set-Cookie: d=; Path=/; HttpOnly; SameSite=Lax
Set-Cookie: e=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; Secure; HttpOnly; SameSite=Lax" \
    '{"text":""}'

# --- errors -----------------------------------------------------------------

real='{"errors":{"title":["a<b"],"body":["can'\''t be blank"]}}'
refused='Status: 422 Unprocessable Content
Cache-Control: no-store
Vary: Accept'
while IFS= read -r accept; do
	reply refused '' ${accept:+-e "HTTP_ACCEPT=$accept"}
	sends "RealWorld's form, Accept: $accept" "$refused
$json
Content-Length: 54" "$real"
done <<'END'

*/*
application/json
application/*
application/problem+json;q=0.5, application/json
application/problem+json;q=0
text/html
END
while IFS= read -r accept; do
	reply refused '' -e "HTTP_ACCEPT=$accept"
	id=$(sed -n 's/^X-Request-Id: //p' "$tmp/reply")
	sends "RFC 9457's, Accept: $accept" "$refused
Content-Type: application/problem+json
Content-Length: 252" '{"type":"about:blank","title":"Unprocessable Content",'\
'"status":422,"detail":"title a<b","instance":"/requests/'"$id"'","errors":'\
'{"title":["a<b"],"body":["can'\''t be blank"]},"requestId":"'"$id"'"}'
done <<'END'
application/problem+json
application/json, application/problem+json
application/json;q=0.9, Application/Problem+JSON
text/html, application/problem+json;q=0.2, */*;q=0.1
END
reply json '' -m POST -e 'HTTP_ACCEPT=application/problem+json'
is "$status $(json .detail)" '405 method is not allowed here' \
    'what the library refuses has it, too'
reply refused-html ''
is "$status $body" '402 {"errors":{"account":["is empty"]}}' \
    'content before a refusal is thrown away'
reply json '' -e 'HTTP_ACCEPT=application/problem+json'
is "$status $(grep -c '^Vary' "$tmp/reply")" '200 0' 'a 200 does not vary'

# --- what the client has already --------------------------------------------

reply json ''
tag=$(etag)
while IFS= read -r list; do
	list=$(echo "$list" | sed "s/TAG/$tag/")
	reply json '' -e "HTTP_IF_NONE_MATCH=$list"
	sends "had already: $list" "Status: 304 Not Modified
Cache-Control: no-cache
Cache-Tag: tests
ETag: $tag" ''
done <<'END'
TAG
W/TAG
*
"x", W/"y" ,, TAG
END
for list in '"x"' '' x 'w/'"$tag" "$(echo "$tag" | tr -d '"')"; do
	reply json '' -e "HTTP_IF_NONE_MATCH=$list"
	is "$status $body" '200 {"text":"a<b"}' "had not: $list"
done
reply json other
is "$(etag | grep -cF "$tag")" 0 'other content has another tag'
reply json '' -m HEAD
sends 'HEAD has it' "$public
$json
Content-Length: 14
ETag: $tag" ''
reply json '' -m HEAD -e "HTTP_IF_NONE_MATCH=$tag"
is "$status" 304 'and is told that nothing changed'
reply version one
tag=$(etag)
like "$tag" '^"2026-11-26T12:00-[0-9a-f]{32}"$' 'a version stands before the hash'
reply version one -e "HTTP_IF_NONE_MATCH=$tag"
is "$status $(etag)" "304 $tag" 'such a tag is known again'
reply version two -e "HTTP_IF_NONE_MATCH=$tag"
is "$status $(etag | grep -cF "$tag")" '200 0' \
    'and of one version other content is another one'
reply cookies '' -e 'HTTP_IF_NONE_MATCH=*'
is "$status $(grep -c '^Set-Cookie' "$tmp/reply")" '304 5' \
    'a 304 keeps the cookies'
for how in csv redirect refused; do
	reply "$how" '' -e 'HTTP_IF_NONE_MATCH=*'
	is "$(etag) $(echo "$status" | grep -c 304)" ' 0' "no tag: $how"
done
sed 's/^    .cache_tags/    .no_etag = true,\n&/' "$top/tests/fn/reply.c" \
    >"$tmp/reply.c"
make -s -C "$top_builddir" one FN="$tmp/reply.c" >"$tmp/make" 2>&1
is "$("$tmp/reply" --describe | jq -c .no_etag)$("$top_builddir/tests/fn/reply" \
    --describe | jq -c .no_etag)" truefalse 'a function may do without'
is "$(REQUEST_METHOD=GET HTTP_IF_NONE_MATCH='*' "$tmp/reply" </dev/null |
    grep -oE '^(Status: [0-9]*|ETag)')" 'Status: 200' 'and then has none'

# --- what is a bug ----------------------------------------------------------

while IFS='|' read -r how text why; do
	reply "bug-$how" "$text"
	is "$code $status" '134 ' "a bug, $how $text: nothing is answered"
	like "$(logged)" "^bug: [a-z_]*\.c:[0-9]+: $why\$" \
	    "and the log says: $why"
done <<'END'
both||JSON behind reply_body\(\): a reply has one content
both-later||reply_body\(\) behind JSON: a reply has one content
twice||reply_body\(\) twice
format||html_format\(\) knows %s %d %ld %lld %zu %% alone
nowhere||status 302 without Location: return reply_redirect\(\.\.\.\)
no-redirect||200 is no redirect: 301, 302, 303, 307, 308
none-but-json||status 204 with a body: it never has one
own-header||content-type is written by the library; use reply_body\(\)
bad-name||"X Text" is no name of a header
bad-value||the header X-Text has a control character
many||more than 16 headers
cookie|0|the cookie "a b": its name is no token
cookie|1|the cookie "": its name is no token
cookie|2|the cookie "a": its path does not begin with '/', or holds a ';'
cookie|3|the cookie "a": its path does not begin with '/', or holds a ';'
cookie|4|the cookie "a": its domain is none
cookie|5|the cookie "a": COOKIE_NONE goes without .insecure
cookie|6|the cookie "__secure-a": its name promises Secure
cookie|7|the cookie "__Host-a": __Host- promises the path / and no domain
cookie|8|the cookie "__HOST-a": __Host- promises the path / and no domain
END
reply cookies "$(repeat 4095 x)"
is "$status" 200 'a cookie of 4096 bytes'
reply cookies "$(repeat 4096 x)"
is "$status $(logged)" '500 a cookie is larger than 4096 bytes' \
    'but not of one more'
plan "$count"
