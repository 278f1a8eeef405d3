#!/bin/sh
# SPDX-License-Identifier: MIT
# nginx-config -- "mayfly nginx" makes a configuration that nginx accepts, and
# what nginx answers without a function is right: refusals, CORS, request ids.
# Also "mayfly list" with executables that are no functions.
. "${top_srcdir:-.}/tests/lib.sh"

command -v nginx >"$tmp/which" || skip_all 'nginx is not installed'
command -v curl >"$tmp/which" || skip_all 'curl is not installed'
plan 143

mayfly=$top_builddir/mayfly
template=$top_srcdir/nginx/mayfly.conf
mkdir -p "$tmp/run/app/fn" "$tmp/log" "$tmp/none" "$tmp/two"
chown "$service:" "$tmp/run" "$tmp/log"

# generate FILE [OPTION]...: the configuration into FILE; sets $code and $err.
generate() {
	_file=$1
	shift
	code=0
	"$mayfly" nginx --functions "$top_builddir/cgi-bin" --run-dir "$tmp/run" \
	    --log-dir "$tmp/log" --template "$template" "$@" \
	    >"$_file" 2>"$tmp/err" || code=$?
	err=$(cat "$tmp/err")
}

accepts() { as_service nginx -t -q -e "$tmp/log/error.log" -c "$1"; }

# --- what is generated ------------------------------------------------------

# nginx -t binds, too, so no port that is for root
free=$(free_port)
generate "$tmp/nginx.conf" --port "$free"
is "$code $err" '0 ' 'a configuration is made from the real functions'
ok 'nginx accepts it' accepts "$tmp/nginx.conf"
is "$(grep -v '^[[:space:]]*#' "$tmp/nginx.conf" | grep -c '@')" 0 \
    'no @WORD@ is left over'

functions=$("$mayfly" list --functions "$top_builddir/cgi-bin" -o json |
    jq -r '.[].name')
is "$(sed -n 's/^[[:space:]]*upstream fn_\(.*\) {$/\1/p' "$tmp/nginx.conf")" \
    "$functions" 'each function has an upstream'
for function in $functions; do
	grep -cF "server \"unix:$tmp/run/app/fn/$function.sock\" max_fails=0;" \
	    "$tmp/nginx.conf"
done | sort -u >"$tmp/times"
is "$(cat "$tmp/times")" 4 'with its socket four times'

params=$(sed -n 's/^.*fastcgi_param \([A-Z_]*\) .*/\1/p' "$tmp/nginx.conf")
is "$(echo "$params" | sort | tr '\n' ' ')" 'CONTENT_LENGTH CONTENT_TYPE '\
'HTTP_ACCEPT HTTP_AUTHORIZATION HTTP_CONTENT_ENCODING HTTP_HOST '\
'HTTP_IDEMPOTENCY_KEY HTTP_IF_MATCH HTTP_IF_NONE_MATCH HTTP_PROXY '\
'HTTP_TRACEPARENT HTTP_USER_AGENT HTTP_X_REQUEST_ID MAYFLY_SENT_AT '\
'QUERY_STRING REMOTE_ADDR '\
'REQUEST_METHOD REQUEST_SCHEME REQUEST_URI SERVER_PROTOCOL ' \
    'a function is told these variables and no other'
allowed=$(sed -n '/mayfly_cors_headers {/,/}/s/.*OPTIONS "\(.*\)";/\1/p' \
    "$tmp/nginx.conf" | sed 's/, /\n/g')
for name in accept authorization content-type idempotency-key if-match \
    if-none-match traceparent x-request-id; do
	echo "$allowed" | grep -qxF "$name" || echo "$name"
done >"$tmp/missing"
is "$(cat "$tmp/missing")" '' 'a preflight allows what functions need'
is "$(echo "$params" | sed -n 's/^CONTENT_TYPE$/HTTP_&/; s/^HTTP_//p' |
    tr 'A-Z_' 'a-z-' | grep -vxF -e host -e proxy -e user-agent)" "$allowed" \
    'that is each header that a function gets and a script sets'
is "$(sed '1,/^[[:space:]]*location /d' "$tmp/nginx.conf" |
    grep -cE 'fastcgi_param|add_header')" 0 \
    'no location sets one of its own, which would drop all others'
like "$(cat "$tmp/nginx.conf")" 'fastcgi_next_upstream error invalid_header;' \
    'no retry after a timeout, nor of a POST'

generate "$tmp/dev.conf" --port "$free" --dev
is "$code $(grep -c 'server "unix:' "$tmp/dev.conf")" \
    "0 $(echo "$functions" | wc -l)" \
    'with --dev each socket stands once: nothing is sent twice'
ok 'nginx accepts that' accepts "$tmp/dev.conf"

generate "$tmp/http" --include http
is "$code" 0 'the part for http{} of another nginx'
generate "$tmp/server" --include server
is "$code" 0 'the part for its server{}'
{
	echo "pid $tmp/run/other.pid; events {} http {"
	for _kind in client_body fastcgi proxy scgi uwsgi; do
		echo "${_kind}_temp_path $tmp/run/$_kind;"
	done
	cat "$tmp/http"
	echo "server { listen 127.0.0.1:$free; access_log off;"
	cat "$tmp/server"
	echo '} }'
} >"$tmp/other.conf"
ok 'nginx accepts them in a configuration of its own' \
    accepts "$tmp/other.conf"

code=0
"$mayfly" nginx --functions "$tmp/none" --run-dir "$tmp/run" \
    --log-dir "$tmp/log" --template "$template" --port "$free" >"$tmp/empty.conf" ||
    code=$?
is "$code" 0 'no functions at all is possible'
ok 'nginx accepts that' accepts "$tmp/empty.conf"

# --- what is refused --------------------------------------------------------

generate "$tmp/out" --run-dir "/tmp/a;b"
is "$code" 2 'a folder that nginx would take for syntax is refused'
generate "$tmp/out" --run-dir "/tmp/$(repeat 100 x)"
is "$code" 2 'and one too long for a socket'
like "$err" 'too long for a socket' 'with that reason'
for port in 0 65536 x ''; do
	generate "$tmp/out" --port "$port"
	is "$code" 2 "a port \"$port\" is refused"
done
generate "$tmp/out" --listen '1;2'
is "$code" 2 'an address with a semicolon is refused'
generate "$tmp/out" --include events
is "$code" 2 'an unknown part is refused'
generate "$tmp/out" --nonsense
is "$code" 2 'an unknown option is refused'
generate "$tmp/out" --functions "$tmp/nowhere"
is "$code" 3 'a folder that is not there is refused'
is "$(cat "$tmp/out")" '' 'and nothing is printed'

# program FOLDER NAME: an executable that prints standard input.
program() {
	{
		printf '#!/bin/sh\nexec cat <<'"'END'"'\n'
		cat
		echo END
	} >"$1/$2"
	chmod +x "$1/$2"
}

# describe FOLDER NAME METHOD PATH: a function, as far as --describe goes.
describe() {
	printf '{"name":"%s","method":"%s","path":"%s","auth":"public","role":"reader",
"inputs":[],"settings":[],"statements":[],"limits":{"body_max_bytes":1,"reply_max_bytes":1,
"deadline_ms":1000,"query_ms":1000,"queries":1,"max_instances":0,"idle_ms":0,
"max_requests":1,"memory_max_mib":128}}\n' "$2" "$3" "$4" | program "$1" "$2"
}

# Headers that are inputs: those of all functions, each once, at server level.
mkdir "$tmp/headers"
for name in first second; do
	describe "$tmp/headers" "$name" GET "/$name"
	for input in x-api-key:header session:cookie user-agent:header \
	    "x-$name:header" limit:query; do
		printf '{"name":"%s","in":"%s"},' "${input%:*}" "${input#*:}"
	done >"$tmp/inputs"
	sed -i "s/\"inputs\":\[\]/\"inputs\":[$(sed 's/,$//' "$tmp/inputs")]/" \
	    "$tmp/headers/$name"
done
generate "$tmp/out" --functions "$tmp/headers" --port "$free"
# shellcheck disable=SC2016 # nginx's variables
is "$(grep -oE 'fastcgi_param HTTP_(X_(API|FIRST|SEC)|COOKIE|USER|LIMIT).*;' \
    "$tmp/out" | sort)" 'fastcgi_param HTTP_COOKIE $http_cookie if_not_empty;
fastcgi_param HTTP_USER_AGENT $http_user_agent if_not_empty;
fastcgi_param HTTP_X_API_KEY $http_x_api_key if_not_empty;
fastcgi_param HTTP_X_FIRST $http_x_first if_not_empty;
fastcgi_param HTTP_X_SECOND $http_x_second if_not_empty;' \
    'headers and cookies that are inputs are passed on, each once'
like "$(cat "$tmp/out")" 'OPTIONS ".*, x-api-key, x-first, x-second";' \
    'and allowed by a preflight, but for cookies'
for bad in X-Api x_api proxy cookie content-length 'a;b' ''; do
	describe "$tmp/headers" second GET /second
	sed -i 's/"inputs":\[\]/"inputs":[{"name":"'"$bad"'","in":"header"}]/' \
	    "$tmp/headers/second"
	generate "$tmp/out" --functions "$tmp/headers" --port "$free"
	is "$code" 1 "a header of the name \"$bad\" is refused"
done

two() {
	describe "$tmp/two" first "$1" "$2"
	describe "$tmp/two" second "$3" "$4"
	generate "$tmp/out" --functions "$tmp/two" --port "$free"
}

two GET /a/b POST /a/b
is "$code" 0 'two methods on one path are no conflict'
two GET /a/:x GET /a/b
is "$code" 0 'nor is a literal path beside a pattern'
two GET /a/:x GET /a/:x/c
is "$code" 0 'nor a longer pattern'
ok 'nginx accepts a pattern' accepts "$tmp/out"
for pair in '/a/b /a/b' '/a/:x /a/:x' '/a/:x /a/:y' '/a/:x/c /a/b/:y'; do
	two GET "${pair% *}" GET "${pair#* }"
	is "$code" 5 "a conflict: $pair"
	like "$err" 'first .* and second ' 'which names both'
done
two GET /a/:x DELETE /a/:y
is "$code" 5 'one path with two names for its part is a conflict, too'
two GET /_mayfly/x GET /a
is "$code" 5 "nginx's own paths cannot be taken"
two GET /metrics GET /a
is "$code" 5 "nor can mayflyd's"
two GET / POST /
is "$code" 0 'the root may have two methods'
two GET / DELETE /
like "$(cat "$tmp/out")" '^[[:space:]]*location = / \{' 'and is a location'
two GET / GET /
is "$code" 5 'but not two functions for one'
two GET / GET /:x
is "$code" 0 'a pattern of one part does not match the root'
ok 'nginx accepts the root beside what catches all' accepts "$tmp/out"
echo '{}' | program "$tmp/two" third
two GET /a GET /b
is "$code" 1 'with a broken function nothing is generated'
like "$err" 'third: its name is not a text' 'and it is named'

# --- executables that are no functions --------------------------------------

# listed FOLDER: the names, and what was passed over in $tmp/err.
listed() {
	"$mayfly" list --functions "$1" -o json 2>"$tmp/err" |
	    jq -r '[.[].name] | join(" ")'
}

hostile=$tmp/hostile
mkdir "$hostile"
describe "$hostile" good GET /good
describe "$hostile" liar GET /liar
mv "$hostile/liar" "$hostile/other-name"
describe "$hostile" dots GET /a/../b
describe "$hostile" semicolon GET '/a;b'
describe "$hostile" brace GET '/a{'
describe "$hostile" slash GET /a/
describe "$hostile" head HEAD /head
describe "$hostile" x_y GET /x
sed 's/1000/1e9/' "$hostile/good" | sed 's/"good"/"float"/' >"$hostile/float"
sed 's/1000/-1/; s/"good"/"negative"/' "$hostile/good" >"$hostile/negative"
sed 's/"public"/null/; s/"good"/"no-auth"/' "$hostile/good" \
    >"$hostile/no-auth"
printf '#!/bin/sh\nexit 1\n' >"$hostile/fails"
printf '#!/bin/sh\nkill -9 $$\n' >"$hostile/killed"
printf '#!/bin/sh\nexec cat /dev/zero\n' >"$hostile/flood"
printf '#!/bin/sh\nexec sleep 60\n' >"$hostile/sleeper"
echo nonsense >"$hostile/nonsense"
chmod +x "$hostile"/*
echo text >"$hostile/notes"
mkdir "$hostile/folder"
ln -s /nonexistent "$hostile/dangling"
is "$(listed "$hostile")" good 'only the function is listed'
for reason in 'other-name: it names itself other' 'dots: its path' \
    'semicolon: its path' 'brace: its path' 'slash: its path' \
    'head: its method' 'x_y: its name' 'float: its deadline_ms' \
    'negative: its deadline_ms' 'no-auth: its auth' \
    'fails: --describe exited with 1' 'killed: --describe died of signal 9' \
    'flood: .*printed over' 'sleeper: .*took over' \
    'nonsense: cannot be run'; do
	like "$(cat "$tmp/err")" "$reason" "passed over: $reason"
done
is "$(grep -cE 'notes|folder|dangling' "$tmp/err")" 0 \
    'what is not executable is not worth a word'

# --- nginx, for real --------------------------------------------------------

listening() { port_taken "$port"; }

start_nginx() {
	for _try in 1 2 3 4 5; do
		port=$(free_port)
		generate "$tmp/nginx.conf" --port "$port"
		as_service nginx -e "$tmp/log/error.log" \
		    -c "$tmp/nginx.conf" >"$tmp/start" 2>&1 && return
	done
	note "$(cat "$tmp/start")"
	exit 99
}
start_nginx
wait_for test -s "$tmp/run/nginx.pid" || exit 99
kill_at_exit "$(cat "$tmp/run/nginx.pid")"
wait_for listening || exit 99

# ask METHOD PATH [CURL-OPTION]...: sets $status, $headers, $body.
ask() {
	_method=$1 _path=$2
	shift 2
	curl -s --noproxy '*' --max-time 10 --path-as-is -D "$tmp/h" -o "$tmp/b" \
	    -X "$_method" "$@" "http://127.0.0.1:$port$_path"
	answer
}

# raw TEXT: the same for bytes that curl would not send; printf's escapes.
raw() {
	# shellcheck disable=SC2059 # the format is the text
	printf "$1" | curl -s --noproxy '*' --max-time 10 \
	    "telnet://127.0.0.1:$port" >"$tmp/all"
	sed '/^\r$/,$d' "$tmp/all" >"$tmp/h"
	sed '1,/^\r$/d' "$tmp/all" >"$tmp/b"
	answer
}

answer() {
	headers=$(tr -d '\r' <"$tmp/h")
	status=$(sed -n '1s/^HTTP[^ ]* \([0-9]*\).*/\1/p' "$tmp/h")
	body=$(cat "$tmp/b" 2>"$tmp/null")
	rm -f "$tmp/b" "$tmp/h"
}

# header NAME: the value; twice on two lines.
header() { printf '%s\n' "$headers" | sed -n "s/^$1: //Ip"; }

# refused STATUS KEY MESSAGE NAME: a refusal in the API's form, and complete.
refused() {
	is "$status $body $(header Content-Type)
$(header Access-Control-Allow-Origin) $(header X-Request-Id | wc -c)" \
	    "$1 {\"errors\":{\"$2\":[\"$3\"]}} application/json; charset=utf-8
* 33" "$4: $1"
}

close='Host: x\r\nConnection: close\r\n\r\n'
ask GET /
refused 404 path 'not found' 'the root'
is "$(header Server)" nginx 'no version is told'
is "$(header Allow)$(header Retry-After)$(header Access-Control-Max-Age)" '' \
    'headers for other answers are not there'
is "$(header X-Content-Type-Options)" nosniff 'no guessing of types'
ask POST /api/nowhere -d x
refused 404 path 'not found' 'an unknown path'
ask GET /_mayfly/502
refused 404 path 'not found' 'a page that is for nginx itself'
ask GET /etc/passwd
refused 404 path 'not found' 'a file'
raw "HEAD /nowhere HTTP/1.1\r\n$close"
is "$status $body" '404 ' 'HEAD: 404 without a body'

for path in /api%2Farticles /api/articles/a%2fb /api/articles/a%2F..%2Fb \
    '/api/articles/a;b' '/api/articles;x' '/api/tags;'; do
	ask GET "$path"
	refused 404 path 'not found' "refused: $path"
done
ask GET /api/articles/%00
refused 400 request 'is malformed' 'an encoded NUL'
ask GET /../x
refused 400 request 'is malformed' 'a path out of the root'

# allow PATH: what Allow must be there, by the functions themselves.
allow() {
	"$mayfly" list --functions "$top_builddir/cgi-bin" -o json |
	    jq -r --arg path "$1" '
	    [.[] | select(.path == $path) | .method]
	    | if index("GET") then . + ["HEAD"] else . end + ["OPTIONS"]
	    | . as $has
	    | ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
	    | map(select(. as $method | $has | index($method))) | join(", ")'
}
articles=$(allow /api/articles)

ask PATCH /api/articles
refused 405 method 'is not allowed' 'a method that no function has'
is "$(header Allow)" "$articles" 'with the methods of the path'
ask DELETE /api/tags
refused 405 method 'is not allowed' 'another path'
is "$(header Allow)" 'GET, HEAD, OPTIONS' 'has other methods'
ask PATCH /api/articles/some-slug
is "$status $(header Allow)" "405 $(allow /api/articles/:slug)" \
    'and so has a pattern'
ask FOO /api/tags
refused 405 method 'is not allowed' 'a method that nobody knows'
ask TRACE /api/tags
refused 405 method 'is not allowed' 'TRACE'
is "$(header Allow | grep -c .)" 1 'with an Allow'
raw "HEAD /api/users HTTP/1.1\r\n$close"
is "$status $(header Allow)" '405 POST, OPTIONS' 'HEAD without a GET'

ask OPTIONS /api/articles -H 'Origin: http://a' \
    -H 'Access-Control-Request-Method: POST'
is "$status $body" '204 ' 'a preflight request needs no function'
is "$(header Access-Control-Allow-Methods)" "$articles" \
    'the methods of the path'
is "$(header Access-Control-Allow-Headers | sed 's/, /\n/g')" "$allowed" \
    'the headers'
is "$(header Access-Control-Max-Age)" 7200 'for two hours'
is "$(header Access-Control-Allow-Origin)" '*' 'from everywhere'
like "$(header Access-Control-Expose-Headers)" 'X-Request-Id' \
    'scripts see the request id'

ask GET / -H 'X-Request-Id: abc.DEF_12-3'
is "$(header X-Request-Id)" abc.DEF_12-3 'a good request id is kept'
ask GET / -H "X-Request-Id: $(repeat 128 a)"
is "$(header X-Request-Id)" "$(repeat 128 a)" 'of up to 128 characters'
for id in short "$(repeat 129 a)" 'abcdefgh ijk' 'abcdefg"h' 'abcdefgh{}'; do
	ask GET / -H "X-Request-Id: $id"
	like "$(header X-Request-Id)" '^[0-9a-f]{32}$' "replaced: $id"
done

raw "nonsense\r\n\r\n"
refused 400 request 'is malformed' 'no HTTP'
raw "get / HTTP/1.1\r\n$close"
refused 400 request 'is malformed' 'a method in small letters'
raw "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"
refused 400 request 'is malformed' 'no Host'
raw "GET / HTTP/3.0\r\n$close"
refused 505 version 'is not supported' 'another HTTP'
raw "POST /api/articles HTTP/1.1\r\nContent-Length: 1\r\n\
Transfer-Encoding: chunked\r\n$close"
refused 400 request 'is malformed' 'two lengths'
raw "POST /api/articles HTTP/1.1\r\nTransfer-Encoding: x\r\n$close"
refused 501 request 'is not supported' 'an unknown encoding'
raw "POST /api/articles HTTP/1.1\r\nTransfer-Encoding: chunked\r\n${close}zz\r\n"
refused 400 request 'is malformed' 'a bad chunk'
ask GET "/$(repeat 17000 a)"
refused 414 uri 'is too long' 'a long URI'
raw "HEAD /$(repeat 17000 a) HTTP/1.1\r\n$close"
is "$status $body" '414 ' 'the same with HEAD'
ask GET /api/tags -H "X: $(repeat 17000 a)"
refused 431 headers 'are too large' 'a long header'
raw "HEAD /api/tags HTTP/1.1\r\nX: $(repeat 17000 a)\r\n$close"
is "$status $body" '431 ' 'the same with HEAD'

# The function's own limit decides, so the size is taken from the descriptor.
size=$("$mayfly" list --functions "$top_builddir/cgi-bin" -o json | jq -r \
    '[.[] | select(.path == "/api/users") | .limits.body_max_bytes] | max')
head -c $((size + 1)) /dev/zero >"$tmp/large"
ask POST /api/users --data-binary "@$tmp/large" -H 'Expect:'
refused 413 body 'is too large' 'a body over the limit of the function'
ask POST /api/users --data-binary "@$tmp/large" -H 'Expect:' \
    -H 'Transfer-Encoding: chunked'
refused 413 body 'is too large' 'the same in chunks'

# Any bytes, in a method, a path, a query and headers: not UTF-8, too long,
# a surrogate, beyond the last character, cut, alone, of control, and good ones.
good='\303\274\342\202\254\360\237\230\200'
number=0
for bytes in '\377' '\300\257' '\340\200\257' '\355\240\200' \
    '\364\220\200\200' '\342\202' '\303(' '\200' '\001"\134' '\000' \
    '\177' "$good"; do
	number=$((number + 1))
	raw "GET /?x=${bytes}y HTTP/1.1\r\nX-Request-Id: raw-bytes-$number\r\n$close"
	raw "GET /$bytes HTTP/1.1\r\n$close"
	raw "GET /$bytes\r\n\r\n"
	raw "G$bytes / HTTP/1.1\r\n$close"
	raw "$bytes HTTP/1.1\r\n$close"
	raw "GET / HTTP/1.1\r\nX-Request-Id: abcdefgh$bytes\r\nX$bytes: $bytes\r\n$close"
	raw "GET / HTTP/1.1\r\nHost: $bytes\r\nConnection: close\r\n\r\n"
done
long=$(repeat 7000 a | sed 's/a/\\303\\274/g')
raw "GET /?$long HTTP/1.1\r\nX-Request-Id: raw-bytes-long\r\n$close"
raw "GET /?$long\377 HTTP/1.1\r\nX-Request-Id: raw-bytes-last\r\n$close"
all_logged() { grep -q '"raw-bytes-last"' "$tmp/log/access.log"; }
wait_for all_logged
ok 'whatever bytes a client sends, the log is UTF-8' \
    iconv -f UTF-8 -t UTF-8 "$tmp/log/access.log"
# request ID: the request that was logged with that id.
request() {
	jq -r "select(.request_id == \"$1\") | .request" "$tmp/log/access.log"
}
is "$(request raw-bytes-1)" 'GET /?x= (then bytes that are no UTF-8)' \
    'it has the request up to the first that is none'
is "$(request raw-bytes-3)" 'GET /?x= (then bytes that are no UTF-8)' \
    'and of one with a character that is too long'
# shellcheck disable=SC2059 # the format is the text
is "$(request raw-bytes-12)" "$(printf "GET /?x=${good}y HTTP/1.1")" \
    'and all of it when it is good'
is "$(request raw-bytes-long | wc -c) $(request raw-bytes-last | wc -c)" \
    '14016 14038' 'however long it is'

# Nobody listens on the sockets here.
ask GET /api/tags
refused 502 function failed 'a function that is not there'
is "$(header Retry-After)" 1 'with a Retry-After'
raw "HEAD /api/tags HTTP/1.1\r\n$close"
is "$status $body" '502 ' 'the same with HEAD'

ask GET '/api/tags?x=a;b%2f' -H 'X-Request-Id: find-me-in-the-log'
is "$status" 502 'a query may hold what a path may not'
logged() { grep -q find-me-in-the-log "$tmp/log/access.log"; }
wait_for logged
is "$(grep find-me "$tmp/log/access.log" | jq -r '.function + " " +
    (.status | tostring) + " " + .request')" \
    'tag-list 502 GET /api/tags?x=a;b%2f HTTP/1.1' \
    'the log has the function and the request'
ok 'every line of the log is JSON' jq -e . "$tmp/log/access.log"

# The root as a route, beside what catches all.
mkdir "$tmp/root"
describe "$tmp/root" root GET /
generate "$tmp/nginx.conf" --port "$port" \
    --functions "$top_builddir/cgi-bin:$tmp/root"
kill -HUP "$(cat "$tmp/run/nginx.pid")"
root_there() { ask GET / && test "$status" = 502; }
ok 'a function may have the root' wait_for root_there
ask POST /
is "$status $(header Allow)" '405 GET, HEAD, OPTIONS' 'with its methods'
ask GET /nowhere
refused 404 path 'not found' 'nothing else is its'
ask GET '/%2f'
refused 404 path 'not found' 'nor an encoded slash'
