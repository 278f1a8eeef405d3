#!/bin/sh
# SPDX-License-Identifier: MIT
# The files that nginx serves, and the pages in a browser.
#
# With WWW_PICTURES=FOLDER the pictures of the pages are kept there.
. "${top_srcdir:-.}/tests/lib.sh"

stack_start

# http PATH [CURL-OPTION...]: sets $status, $headers and $body.
http() {
	_path=$1
	shift
	: >"$tmp/body" # curl writes none when there is none
	status=$(curl -s --noproxy '*' --max-time 10 --path-as-is \
	    -D "$tmp/headers" -o "$tmp/body" -w '%{http_code}' "$@" "$url$_path")
	headers=$(tr -d '\r' <"$tmp/headers")
	body=$(cat "$tmp/body")
}
header() { printf '%s\n' "$headers" | sed -n "s/^$1: //p"; }
not_found='{"errors":{"path":["not found"]}}'

# --- files ------------------------------------------------------------------

while read -r path type; do
	http "$path"
	is "$status $(header Content-Type) $(header Cache-Control) $(
	    header X-Content-Type-Options) $(header Referrer-Policy)" \
	    "200 $type no-cache nosniff no-referrer" "$path"
	like "$(header Content-Security-Policy)" \
	    "^default-src 'none'; .*frame-ancestors 'none'$" "$path: its policy"
	http "$path" -H "If-None-Match: $(header ETag)"
	is "$status$body" 304 "$path again"
done <<'END'
/ text/html; charset=utf-8
/index.html text/html; charset=utf-8
/api.html text/html; charset=utf-8
/style.css text/css; charset=utf-8
/front.js text/javascript; charset=utf-8
/logo.svg image/svg+xml
/openapi.json application/json
END
http /
is "$(header Content-Security-Policy | grep -c unsafe)" 0 \
    'no style or script in the front page'
is "$(cat "$var/www/index.html")" "$body" 'which is the file'
http / -I
is "$status $(header Content-Length)" "200 $(wc -c <"$var/www/index.html")" HEAD
http / -X POST -d x
is "$status $(header Allow) $body" \
    '405 GET, HEAD, OPTIONS {"errors":{"method":["is not allowed"]}}' 'no POST'
http /style.css -X DELETE
is "$status" 405 'no DELETE'
http /style.css -X OPTIONS
is "$status $(header Allow)" '204 GET, HEAD, OPTIONS' OPTIONS

# --- links ------------------------------------------------------------------

grep -oE '(href|src)="[^"]+"' "$top/www/index.html" | cut -d '"' -f 2 |
    grep -v '^#' | sort -u >"$tmp/links"
ok 'the front page has links' test "$(wc -l <"$tmp/links")" -ge 8
while read -r path; do
	http "$path"
	is "$status" 200 "the front page's link $path"
done <"$tmp/links"
sed -nE 's/^<link rel="(alternate|service-desc)" type="([^"]+)".* href="([^"]+)">$/\3 \2/p' \
    "$top/www/index.html" >"$tmp/others"
is "$(cut -d ' ' -f 1 "$tmp/others" | paste -s -d ' ')" \
    '/feeds/rss /feeds/json /openapi.json' 'what else it is, for programs'
while read -r path type; do
	http "$path"
	is "$(header Content-Type | sed 's/;.*//')" "$type" "$path is $type"
done <"$tmp/others"

# --- what is no file --------------------------------------------------------

echo secret >"$var/www/.hidden.txt"
mkdir "$var/www/sub.css" "$var/www/sub" && echo x >"$var/www/sub/x.css"
ln -s "$var/env" "$var/www/link.txt"
ln -s "$var" "$var/www/folder"
echo x >"$var/www/page.php"
for path in /none.css /.hidden.txt /sub.css /sub/x.css /sub /sub/ /link.txt \
    /folder/env /page.php /style.css/ /style.css/x /%2e%2e/env \
    /x/..%2fenv /style.css%00 /style%2ecss%00.txt '/style.css;x' /STYLE.css \
    /index.htm /.%2fstyle.css /www/style.css; do
	http "$path"
	case $status in
	400) is "$body" '{"errors":{"request":["is malformed"]}}' "no $path" ;;
	*) is "$status $(header Content-Type) $body" \
	    "404 application/json; charset=utf-8 $not_found" "no $path" ;;
	esac
	is "$(header Content-Security-Policy) $(header Cache-Control)" \
	    "default-src 'none'; frame-ancestors 'none' " "$path: its policy"
done
http /../env
is "$status" 400 'nothing above the folder'
rm -rf "$var/www/.hidden.txt" "$var"/www/sub* "$var/www/folder"
http /api/tags
is "$status $(header Content-Security-Policy) $(header Referrer-Policy)" \
    "200 default-src 'none'; frame-ancestors 'none' no-referrer" \
    'an answer of the API has a policy, too'

# --- scripts/up -------------------------------------------------------------

http /openapi.json
etag=$(header ETag)
is "$(jq -r '.paths[][].operationId' "$tmp/body" | wc -l)" \
    "$(find "$var/cgi-bin" -type f | wc -l)" 'openapi.json has each function'
stack_up >"$tmp/up.log" 2>&1
http /openapi.json -H "If-None-Match: $etag"
is "$status" 304 'scripts/up leaves alone what has not changed'
is "$(ls "$var/www")" "$({ ls "$top/www"; echo api.html; echo openapi.json; } |
    sort)" \
    'and takes away what is none of its files'

# --- in a browser -----------------------------------------------------------

chromium=$(command -v chromium) || chromium=''
if test -z "$chromium" || ! command -v node >/dev/null ||
    ! cmp -s "${MAYFLY_TEST_NPM:-$top/build-test/npm}/installed" \
	"$top/tests/npm/package-lock.json"; then
	result 0 'the pages in a browser # SKIP no chromium, or no tests/npm'
	plan "$count"
	exit 0
fi
npm_require

# pages: what www.mjs says, in $tmp/said; got NAME: of one thing.
pages() {
	mkdir -p "${WWW_PICTURES:-$tmp}/$1"
	(cd "$tmp" && CHROMIUM=$chromium node www.mjs "$url" \
	    "${WWW_PICTURES:-$tmp}/$1") >"$tmp/said" 2>&1 ||
	    note "$(cat "$tmp/said")"
}
got() { sed -n "s/^$1 //p" "$tmp/said"; }

pages empty
is "$(got titles) $(got count) $(got older)" '[] "" false' 'no articles'
like "$(got note)" '^"There are no articles yet' 'and it says so'

send() {
	curl -s --noproxy '*' -H 'Content-Type: application/json' \
	    -H "Authorization: Token ${token-}" -d "$2" "$url/api/$1"
}
token=$(send users '{"user":{"username":"ann","email":"ann@example.org",
    "password":"correct horse"}}' | jq -r .user.token)
for n in 1 2 3 4 5 6 7 8 9; do
	send articles '{"article":{"title":"Note '$n'","description":"About",
	    "body":"x","tagList":["c"]}}' >/dev/null
done
send articles "$(jq -nc --arg long "$(repeat 200 w)" '{article: {title: $long,
    description: $long, body: "x", tagList: [$long[0:64]]}}')" >/dev/null
send articles '{"article":{"title":"<script>alert(1)</script>",
    "description":"<img src=x onerror=alert(2)>","body":"x",
    "tagList":["<b>","Ü"]}}' >/dev/null
pages full
is "$(got titles | jq -r '.[0], length, .[9]' | paste -s -d ' ')" \
    '<script>alert(1)</script> 10 Note 2' 'the newest ten; markup stays text'
is "$(got scripts)" 0 'and makes no element'
is "$(got tags | jq -c '.[0:2]')" '["<b>","Ü"]' 'tags'
like "$(got by | jq -r '.[0]' | paste -s -d ' ')" \
    '^ann [A-Z][a-z]{2} [0-9]+, [0-9]{4} 0 favourites$' 'by whom, and when'
is "$(got count) $(got older) $(got note)" '"10 of 11" true ""' 'of how many'
is "$(got more)" 11 'and the older ones'
is "$(got links | jq -r '.[]' | sort -u | paste -s -d ' ')" \
    '/ /api.html /feeds/json /feeds/rss /healthz /openapi.json' 'links'
got articles | jq -r '.[]' >"$tmp/links"
ok 'and to each article' test "$(wc -l <"$tmp/links")" -eq 10
while read -r path; do
	http "$path"
	is "$status" 200 "which is there: $path"
done <"$tmp/links"
for view in light dark mobile mobile-dark api-light api-dark api-mobile \
    api-mobile-dark; do
	is "$(got "$view.axe") $(got "$view.scrolls") $(got "$view.said")" \
	    '[] false []' \
	    "$view: nothing for axe, no scroll bar below, a quiet console"
done
is "$(got refused)" '"The API answers 503. database is not available"' \
    'what the API refuses is told'
is "$(got away) $(got again)" '"The API cannot be reached." 10' \
    'and that it is away; it can be asked again'
plan "$count"
