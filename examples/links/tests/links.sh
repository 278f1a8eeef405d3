#!/bin/sh
# SPDX-License-Identifier: MIT
# The endpoints of README.md, seen from outside: for either application.  What
# runs, and where, say these variables; tests/hono.sh sets them.
#
#	LINKS_URL		http://127.0.0.1:3000
#	LINKS_TOKEN_SECRET	what tokens are signed with
#	LINKS_DATABASE		for psql: a connection of the tables' owner
#
# It adds links of owners of its own and entries to the guestbook, takes none
# away but its own, and expects that nobody else signs the guestbook meanwhile.
: "${top_srcdir:=$(dirname "$0")/../../..}"
. "$top_srcdir/tests/lib.sh"

url=${LINKS_URL-} db=${LINKS_DATABASE-} token_secret=${LINKS_TOKEN_SECRET-}
test -n "$url" && test -n "$db" && test -n "$token_secret" ||
    skip_all 'LINKS_URL, LINKS_TOKEN_SECRET and LINKS_DATABASE are not set'

# http METHOD PATH [CURL-OPTION...]: sets $status, $headers and $body.
http() {
	_method=$1 _path=$2
	shift 2
	status=$(curl -s --noproxy '*' --max-time 10 --path-as-is \
	    -X "$_method" -D "$tmp/headers" -o "$tmp/body" \
	    -w '%{http_code}' "$@" "$url$_path")
	headers=$(tr -d '\r' <"$tmp/headers")
	body=$(cat "$tmp/body")
}
as() { echo "Authorization: Bearer $1"; }
create() { # TOKEN BODY
	: >"$tmp/body"
	printf %s "$2" >"$tmp/in"
	http POST /links -H "$(as "$1")" -H 'Content-Type: application/json' \
	    --data-binary "@$tmp/in"
}
sign() { # NAME MESSAGE
	http POST /guestbook --data-urlencode "name=$1" \
	    --data-urlencode "message=$2"
}
query() { psql -qXAt -v ON_ERROR_STOP=1 -d "$db" -c "$1"; }

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
# token CLAIMS [SECRET] [HEADER]
token() {
	_head=${3-'{"alg":"HS256","typ":"JWT"}'}
	_signed=$(printf %s "$_head" | base64url).$(printf %s "$1" | base64url)
	echo "$_signed.$(printf %s "$_signed" | openssl dgst -binary -sha256 \
	    -hmac "${2-$token_secret}" | base64url)"
}
now=$(date +%s)
claims() {
	echo "{\"sub\":\"$1\",\"sid\":\"$1\",\"iat\":$now,\"exp\":$((now + ${2-3600}))}"
}
# log_in ID...: accounts with a session each, of the same ids, which Mayfly asks for.
log_in() {
	for _id; do
		query "INSERT INTO account (id, username, email, password_hash)
			OVERRIDING SYSTEM VALUE
			VALUES ($_id, 'owner$_id', 'owner$_id@example.org', '-');
		    INSERT INTO session (id, account_id, expires_at)
			OVERRIDING SYSTEM VALUE
			VALUES ($_id, $_id, now() + interval '1 hour')"
	done
}

# errors KEYS: the last answer is in the error form and names these, sorted.
errors() {
	jq -r 'if (.errors | type == "object" and all(.[]; type == "array" and
	    length > 0 and all(.[]; type == "string")))
	    then .errors | keys | join(" ") else "another form" end' \
	    "$tmp/body" 2>&1
}
# refused TOKEN BODY KEYS NAME: 422, naming these.
refused() {
	create "$1" "$2"
	is "$status $(errors)" "422 $3" "$4"
}
# The same for a text that JSON has and PostgreSQL cannot: in C the whole body is
# refused.
refused_nul() {
	create "$1" "$2"
	case "$status $(errors)" in
	'400 body' | "422 $3") ok "$4" true ;;
	*) is "$status $(errors)" "422 $3" "$4" ;;
	esac
}
# The name of a case: echo and is() read a backslash.
short() { printf %s "$1" | tr '\134\n' '/ ' | cut -c 1-40; }
header() { printf '%s\n' "$headers" | sed -n "s/^$1: *//Ip"; }
time='^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-9:]{8}(\.[0-9]+)?Z$'

# What this run makes has names of its own, and owners beyond 2^53.
run=t$(od -A n -N 4 -t x4 /dev/urandom | tr -d ' ')
ann_id=9$(od -A n -N 4 -t u4 /dev/urandom | tr -d ' ')
while test "${#ann_id}" -lt 17; do ann_id=${ann_id}7; done
bob_id=$((ann_id + 1))
log_in "$ann_id" "$bob_id" $((ann_id + 2)) $((ann_id + 3))
ann=$(token "$(claims "$ann_id")") bob=$(token "$(claims "$bob_id")")

# --- making links -----------------------------------------------------------

create "$ann" '{"url":"https://example.org/a?b=c&d=%20#e","slug":"'"$run"'-a",
    "note":"Über, \"a\" <b>"}'
is "$status" 201 'a link is made'
is "$(json '.link | keys_unsorted | sort | join(" ")')" \
    'createdAt hits note slug url' 'with these members'
is "$(json '.link | [.slug, .url, .note, .hits] | @json')" \
    '["'"$run"'-a","https://example.org/a?b=c&d=%20#e","Über, \"a\" <b>",0]' \
    'and these values'
like "$(json .link.createdAt)" "$time" 'and a time'
like "$(header content-type)" '^application/json' 'as JSON'
is "$(query "SELECT url, note, owner, hits FROM link WHERE slug = '$run-a'")" \
    "https://example.org/a?b=c&d=%20#e|Über, \"a\" <b>|$ann_id|0" \
    'and stored so'
create "$ann" '{"url":"http://127.0.0.1:8080"}'
is "$status $(json .link.note)" '201 null' 'without a slug and a note'
first=$(json .link.slug)
like "$first" '^[a-z0-9]{8}$' 'it has a random slug'
create "$ann" '{"url":"http://127.0.0.1:8080","note":null}'
is "$status $(json .link.note)" '201 null' 'the note may be null'
ok 'and the next slug is another' test "$first" != "$(json .link.slug)"
create "$bob" '{"url":"https://example.org/b","slug":"'"$run"'-a"}'
is "$status $body" '409 {"errors":{"slug":["has already been taken"]}}' \
    'a slug that is taken'
is "$(query "SELECT owner FROM link WHERE slug = '$run-a'")" "$ann_id" \
    'stays whose it was'

long=https://example.org/$(repeat 2028 x)
create "$ann" "{\"url\":\"$long\",\"slug\":\"$run-$(repeat 22 x)\",
    \"note\":\"$(repeat 200 x | sed 's/x/ü/g')\"}"
is "$status $(json '.link | (.url, .slug, .note) | length' | tr '\n' ' ')" \
    '201 2048 32 200 ' 'the longest url, slug and note'
create "$ann" "{\"url\":\"https://x.org\",\"note\":\"$(repeat 200 x |
    sed 's/x/😀/g')\"}"
is "$status" 201 'characters count, not their bytes'

stored=$(query 'SELECT count(*) FROM link')
for bad in '"ftp://example.org/"' '"javascript:alert(1)"' '"/a"' '"http://"' \
    '"example.org"' '"http:example.org"' '"http://a b.org/"' '""' 7 null '[]' \
    '{}' '"http://a.org/\nSet-Cookie: a=b"' \
    "\"${long}x\""; do
	refused "$ann" "{\"url\":$bad}" url "url $(short "$bad")"
done
for bad in '"ab"' "\"$(repeat 33 x)\"" '"Abc"' '"a_b"' '"a b"' '"äää"' '""' \
    '"a\nbc"' '"../a"' 777; do
	refused "$ann" "{\"url\":\"http://a.org\",\"slug\":$bad}" slug \
	    "slug $(short "$bad")"
done
refused_nul "$ann" '{"url":"http://a.org/\u0000"}' url 'U+0000 in a url'
refused_nul "$ann" '{"url":"http://a.org/","note":"a\u0000b"}' note \
    'U+0000 in a note'
for bad in '""' '"a\nb"' '"a\rb"' 7 '["a"]' \
    "\"$(repeat 201 x)\""; do
	refused "$ann" "{\"url\":\"http://a.org\",\"note\":$bad}" note \
	    "note $(short "$bad")"
done
refused "$ann" '{"url":"a","slug":"A","note":""}' 'note slug url' \
    'all faults at once'
refused "$ann" '{}' url 'an empty object'
for bad in '' '{' '[]' 'null' '"text"' '{"url":"http://a.org"'; do
	create "$ann" "$bad"
	like "$status" '^4(00|22)$' "a body $bad"
	ok 'with an error' test "$(errors)" != 'another form'
done
http POST /links -H "$(as "$ann")" -H 'Content-Type: text/plain' \
    -d '{"url":"http://a.org"}'
like "$status" '^4(15|22)$' 'another type'
repeat 1100000 x >"$tmp/large"
http POST /links -H "$(as "$ann")" -H 'Content-Type: application/json' \
    -H 'Expect:' --data-binary "@$tmp/large"
is "$status" 413 'more than a megabyte'
is "$(query 'SELECT count(*) FROM link')" "$stored" 'nothing of it was stored'

# at_once N COMMAND...: N of it at the same time, with 1 to N as last argument;
# prints the statuses, sorted, with how often each was.
at_once() {
	_n=$1
	shift
	_children=''
	for _i in $(seq "$_n"); do
		"$@" "$_i" >"$tmp/status.$_i" &
		_children="$_children $!"
	done
	for _child in $_children; do
		wait "$_child"
	done
	cat "$tmp"/status.* | sort | uniq -c | sed 's/^ *//' | paste -s -d ,
	rm "$tmp"/status.*
}
quick() { curl -s --noproxy '*' --max-time 10 -o /dev/null \
    -w '%{http_code}\n' "$@"; }
make_same() {
	quick "$url/links" -H "$(as "$ann")" \
	    -H 'Content-Type: application/json' \
	    -d "{\"url\":\"http://a.org/$1\",\"slug\":\"$run-same\"}"
}
is "$(at_once 8 make_same)" '1 201,7 409' 'of equal slugs at once, one is made'
is "$(query "SELECT count(*) FROM link WHERE slug = '$run-same'")" 1 \
    'and it is there once'

# --- tokens -----------------------------------------------------------------

unsigned=$(token "$(claims "$ann_id")" "$token_secret" '{"alg":"none"}')
another=$(printf '{"alg":"HS512","typ":"JWT"}' | base64url)
for try in 'POST /links' 'GET /links' 'GET /links.csv' "DELETE /links/$run-a"
do
	method=${try% *} path=${try#* }
	for value in '' 'Authorization: Basic YTpi'; do
		http "$method" "$path" ${value:+-H "$value"}
		is "$status $body" '401 {"errors":{"token":["is missing"]}}' \
		    "$try without a token${value:+, with another scheme}"
	done
	ok 'and is told how' test -n "$(header www-authenticate)"
	set -- x "${ann}x" "${ann%?????}" "${ann%.*}." "$unsigned" \
	    "$another.${ann#*.}" "$(token "$(claims "$ann_id" -1)")" \
	    "$(token "$(claims "$ann_id")" another-secret-another-secret-1)" \
	    "$(token "$(claims x)")" "$(token "$(claims 0)")" \
	    "$(token "{\"sub\":\"$ann_id\"}")"
	answers=$(for bad; do
		http "$method" "$path" -H "$(as "$bad")"
		echo "$status $body" | sed 's/is invalid\|has expired/.../'
	done)
	is "$(echo "$answers" | sort -u)" \
	    '401 {"errors":{"token":["..."]}}' \
	    "$try with tokens that are none"
done
http GET /links -H "Authorization: Token $ann"
is "$status" 200 'the scheme may be Token'

# --- lists ------------------------------------------------------------------

carl=$(token "$(claims $((ann_id + 2)))")
http GET /links -H "$(as "$carl")"
is "$status $body" '200 {"links":[],"linksCount":0}' 'an owner without links'
http GET /links.csv -H "$(as "$carl")"
is "$status $(tr '\r' '!' <"$tmp/body")" '200 slug,url,note,hits,createdAt!' \
    'and the file of them'
for n in $(seq 25); do
	create "$carl" "{\"url\":\"http://c.org/$n\",\"slug\":\"$run-c$n\"}"
done
urls() { json '[.links[].url | ltrimstr("http://c.org/")] | join(" ")'; }
http GET /links -H "$(as "$carl")"
is "$status $(json .linksCount) $(urls)" "200 25 $(seq -s ' ' 25 -1 6)" \
    'the newest 20 of 25'
is "$(json '.links[0] | keys_unsorted | sort | join(" ")')" \
    'createdAt hits note slug url' 'with the members of a link'
like "$(json '.links[0].createdAt')" "$time" 'and times'
http GET '/links?limit=3&offset=4' -H "$(as "$carl")"
is "$(json .linksCount) $(urls)" '25 21 20 19' 'a page'
http GET '/links?limit=100' -H "$(as "$carl")"
is "$(urls)" "$(seq -s ' ' 25 -1 1)" 'all of them'
http GET '/links?offset=24' -H "$(as "$carl")"
is "$(urls)" 1 'the last'
http GET '/links?offset=10000' -H "$(as "$carl")"
is "$status $body" '200 {"links":[],"linksCount":25}' 'beyond the last'
for bad in limit=0 limit=101 limit=-1 limit=x limit=1.5 offset=-1 \
    offset=10001 offset=x limit=99999999999999999999 limit=%00; do
	http GET "/links?$bad" -H "$(as "$carl")"
	is "$status $(errors)" "422 ${bad%=*}" "$bad"
done
http GET '/links?limit=0&offset=x' -H "$(as "$carl")"
is "$status $(errors)" '422 limit offset' 'both at once'

# --- following --------------------------------------------------------------

http GET "/l/$run-a"
is "$status $(header location)" \
    '303 https://example.org/a?b=c&d=%20#e' 'a slug leads to its url'
is "$(query "SELECT hits FROM link WHERE slug = '$run-a'")" 1 'and is counted'
http GET "/l/$run-$(repeat 22 x)"
is "$status $(header location)" "303 $long" 'the longest, too'
follow() { quick "$url/l/$run-same"; }
is "$(at_once 10 follow)" '10 303' 'ten at once'
is "$(query "SELECT hits FROM link WHERE slug = '$run-same'")" 10 \
    'are counted each'
http GET "/l/$run-none"
is "$status $body" '404 {"errors":{"link":["not found"]}}' 'an unknown slug'
for bad in %00 %ff A_B "$(repeat 300 x)" "%27%20OR%201=1--" ..%2f; do
	http GET "/l/$bad"
	like "$status" '^40[04]$' "no slug: $(short "$bad")"
done

# --- deleting ---------------------------------------------------------------

http DELETE "/links/$run-same" -H "$(as "$bob")"
is "$status $body" '403 {"errors":{"link":["forbidden"]}}' "somebody else's"
is "$(query "SELECT count(*) FROM link WHERE slug = '$run-same'")" 1 'stays'
http DELETE "/links/$run-same" -H "$(as "$ann")"
is "$status $body" '204 ' "one's own is deleted"
http DELETE "/links/$run-same" -H "$(as "$ann")"
is "$status $body" '404 {"errors":{"link":["not found"]}}' 'only once'
http GET "/l/$run-same"
is "$status" 404 'and leads nowhere'
http DELETE /links/A_B -H "$(as "$ann")"
is "$status" 404 'what is no slug'

# --- CSV --------------------------------------------------------------------

dora=$(token "$(claims $((ann_id + 3)))")
for note in null '"plain"' '"a,b"' '"say \"hi\""' '"\""' '"Ü; é"'; do
	create "$dora" "{\"url\":\"http://d.org/?a=1,2\",\"note\":$note}"
done
http GET "/l/$(json .link.slug)"
http GET /links.csv -H "$(as "$dora")"
is "$status" 200 'links as CSV'
like "$(header content-type)" '^text/csv(;|$)' 'by its type'
is "$(grep -c "$(printf '\r')\$" "$tmp/body") $(wc -l <"$tmp/body")" '7 7' \
    'every line ends in CR LF'
is "$(printf '%s\n' "$body" | head -n 1 | tr -d '\r')" \
    'slug,url,note,hits,createdAt' 'with a header line'
# RFC 4180, section 2; a field has no line break here.  Fields come out with
# a | between them, and a line that breaks the rules as BROKEN.
csv() {
	tr -d '\r' <"$tmp/body" | awk 'NR > 1 {
		line = $0 ","
		out = ""
		while (line != "") {
			if (match(line, /^"([^"]|"")*",/)) {
				field = substr(line, 2, RLENGTH - 3)
				gsub(/""/, "\"", field)
			} else if (match(line, /^[^",]*,/))
				field = substr(line, 1, RLENGTH - 1)
			else {
				out = "BROKEN: " $0
				break
			}
			line = substr(line, RLENGTH + 1)
			out = out (out == "" ? "" : "|") field
		}
		print out
	}'
}
is "$(csv | cut -d '|' -f 2-4)" 'http://d.org/?a=1,2|Ü; é|1
http://d.org/?a=1,2|"|0
http://d.org/?a=1,2|say "hi"|0
http://d.org/?a=1,2|a,b|0
http://d.org/?a=1,2|plain|0
http://d.org/?a=1,2||0' 'commas and quotes come back, newest first'
is "$(csv | cut -d '|' -f 5 | grep -cE "$time")" 6 'with times'
is "$(csv | cut -d '|' -f 1 | grep -cE '^[a-z0-9]{8}$')" 6 'and slugs'

# --- the guestbook ----------------------------------------------------------

counter() { query 'SELECT n FROM guestbook_counter'; }
entries() { query 'SELECT count(*) FROM guestbook_entry'; }
before=$(counter)
sign "Ann $run" "first $run
second"
is "$status" 303 'the guestbook is signed'
like "$(header location)" '^(https?://[^/]*)?/guestbook$' 'and shown'
is "$(query "SELECT name, position(E'\n' IN message) > 0 FROM guestbook_entry
    ORDER BY id DESC LIMIT 1")" "Ann $run|t" 'it is stored'
is "$(counter)" $((before + 1)) 'and counted'
is "$(query 'SELECT (SELECT xmin::text FROM guestbook_entry
    ORDER BY id DESC LIMIT 1) = (SELECT xmin::text FROM guestbook_counter)')" \
    t 'in one transaction'
sign_again() {
	quick "$url/guestbook" -d "name=n$1" -d "message=m$1-$run"
}
is "$(at_once 8 sign_again)" '8 303' 'eight at once'
is "$(counter)" $((before + 9)) 'are counted each'
sign "$(repeat 80 x | sed 's/x/ü/g')" "$(repeat 1000 x | sed 's/x/ü/g')"
is "$status" 303 'the longest name and message'

before=$(counter) there=$(entries)
for bad in '' '   ' "$(repeat 81 x)" "a
b"; do
	sign "$bad" m
	is "$status $(errors)" '422 name' \
	    "name $(short "$bad")"
done
for bad in '' "$(repeat 1001 x)"; do
	sign n "$bad"
	is "$status $(errors)" '422 message' \
	    "message $(short "$bad")"
done
http POST /guestbook -d 'name=n&message=a%00b'
is "$status $(errors)" '422 message' 'message with a NUL'
http POST /guestbook -d 'name=&message='
is "$status $(errors)" '422 message name' 'both at once'
http POST /guestbook -d 'nothing=1'
is "$status $(errors)" '422 message name' 'neither of them'
http POST /guestbook -H 'Content-Type: application/json' \
    -d '{"name":"n","message":"m"}'
like "$status" '^4(15|22)$' 'what is no form'
is "$(counter) $(entries)" "$before $there" 'nothing of it was stored'

for n in $(seq 10 60); do
	quick "$url/guestbook" -d "name=n" -d "message=page-$run-$n."
done >"$tmp/statuses"
is "$(sort -u "$tmp/statuses")" 303 '51 entries'
http GET /guestbook
is "$status" 200 'the page'
like "$(header content-type)" '^text/html; ?charset=(utf|UTF)-8$' 'is HTML'
is "$(grep -o "page-$run-[0-9]*\." "$tmp/body" | sed 's/.*-//' | uniq |
    tr -d '\n')" "$(seq -s . 60 -1 11)." 'shows the newest 50, in order'
like "$(sed 's/<[^>]*>//g' "$tmp/body")" \
    "(^|[^0-9])$(entries)([^0-9]|\$)" 'and how many there are'
like "$body" "$(date -u +%Y-%m-%d)" 'and their date'
for part in '<form[^>]* method="?post' '<form[^>]* action="?/guestbook' \
    ' name="?name' ' name="?message'; do
	like "$(tr '\n' ' ' <"$tmp/body")" "$part" "the form has $part"
done
sign "<script>alert('$run')</script>" "\"q\" & 'a' </p><b> &lt; $run"
http GET /guestbook
is "$(grep -ciE '<script>alert|<b>|"q"' "$tmp/body")" 0 'no text becomes markup'
like "$body" "&lt;script&gt;alert\((&#39;|&apos;|&#x27;)$run" \
    'the name is escaped'
like "$body" "(&quot;|&#34;)q(&quot;|&#34;) &amp; (&#39;|&apos;|&#x27;)a\
(&#39;|&apos;|&#x27;) &lt;/p&gt;&lt;b&gt; &amp;lt; $run" 'and the message'

http GET /healthy/nothing
is "$status" 404 'an unknown path'
plan "$count"
