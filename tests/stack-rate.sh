#!/bin/sh
# SPDX-License-Identifier: MIT
# Rate limits of the whole stack: of an address by nginx, which wakes no
# function; of a user and of an attacked account by the functions, in the table
# of the node, which all instances share.
. "${top_srcdir:-.}/tests/lib.sh"

# ask [OPTION]... PATH: curl; sets $status, $body, and the headers in a file.
ask() {
	status=$(curl -s -m 20 -D "$tmp/headers" -o "$tmp/body" \
	    -w '%{http_code}' -H 'Content-Type: application/json' "$@")
	body=$(cat "$tmp/body")
}
header() { tr -d '\r' <"$tmp/headers" | sed -n "s/^$1: //p"; }

# login NAME PASSWORD [OPTION]...
login() {
	_data="{\"user\":{\"email\":\"$1@example.org\",\"password\":\"$2\"}}"
	shift 2
	ask "$@" -d "$_data" "$url/api/users/login"
}
register() {
	_data="{\"user\":{\"username\":\"$1\",\"email\":\"$1@example.org\",\
\"password\":\"correct horse\"}}"
	shift
	ask "$@" -d "$_data" "$url/api/users"
}
# often N CMD...: the statuses of N calls.
often() {
	_left=$1
	shift
	while test "$_left" -gt 0; do
		"$@"
		echo "$status"
		_left=$((_left - 1))
	done | uniq -c | sed 's/^ *//' | paste -s -d ' '
}
served() {
	"$var/bin/mayfly" status -o json --run-dir "$var/run" |
	    jq ".functions[] | select(.name == \"$1\") | .served"
}
# rates WORDS: others, in a stack that is up.
rates() {
	sed -i "s|^MAYFLY_RATES=.*|MAYFLY_RATES=$1|" "$var/env"
	stack_up_or_end
}

refusal='429 {"errors":{"rate":["limit is exceeded, try again later"]}}'

# Long windows, so that nothing is back before a check has ended: a day; in nginx
# a minute, which is the longest that it has for one.
stack_start MAYFLY_RATES='login.address=off login=5/86400 '\
'register.address=3/3600 write.address=off write=3/86400'
plan 44

# --- by nginx ---------------------------------------------------------------

register ann
is "$status" 201 'an address registers'
token=$(jq -r .user.token "$tmp/body")
register bob
bob=$(jq -r .user.token "$tmp/body")
register ann
is "$status $(header RateLimit)" '409 ' 'a try counts'
before=$(served user-create)
register carl -H 'Origin: http://a.example'
is "$status $body" "$refusal" 'no more than it may'
is "$(header Retry-After)" 60 'with the time until one is back'
is "$(header RateLimit-Policy)" '"register-address";q=3;w=3600' 'of how many'
is "$(header RateLimit)" '"register-address";r=0;t=3600' 'and that none is left'
is "$(header Content-Type)" 'application/json; charset=utf-8' 'as JSON'
is "$(header Access-Control-Allow-Origin)" '*' 'for scripts, too'
like "$(header Access-Control-Expose-Headers)" 'Retry-After, RateLimit' \
    'which see the headers'
like "$(header X-Request-Id)" '^[0-9a-f]{32}$' 'with a request id'
is "$(served user-create) $before" "$before $before" 'no function is woken'
ask -X OPTIONS -H 'Origin: http://a.example' "$url/api/users"
is "$status" 204 'a preflight request is none'
ask "$url/api/tags"
is "$status" 200 'other classes are not concerned'
register dora --interface 127.0.1.7
is "$status" 201 'nor is another address'
is "$(often 3 register ann --interface 127.0.1.7)" '2 409 1 429' \
    'which has as much of its own'
ok 'nothing of it is in the error log' \
    test "$(grep -c limiting "$var/log/error.log")" = 0

# --- by the functions -------------------------------------------------------

login ann wrong
is "$status $(header RateLimit-Policy)" '401 "login";q=5;w=86400' \
    'a wrong password is counted'
is "$(header RateLimit)" '"login";r=4;t=17280' 'by the function'
is "$(often 5 login ann wrong)" '4 401 1 429' 'an account is left alone'
login ann wrong
is "$status $body" "$refusal" 'in the same words'
is "$(header RateLimit-Policy | wc -l) $(header RateLimit | wc -l) \
$(header Retry-After | wc -l)" '1 1 1' 'with each header once'
login ann 'correct horse' --interface 127.0.1.7
is "$status" 429 'whoever asks'
login bob 'correct horse'
is "$status" 200 'another account is not concerned'
is "$(often 6 login bob wrong --interface 127.0.1.8)" '5 401 1 429' \
    'others attack it'
login bob 'correct horse'
is "$status" 200 'its user is not shut out from where they have logged in'

publish() {
	ask -H "Authorization: Token $1" -d '{"article":{"title":"T",
	    "description":"D","body":"B","tagList":[]}}' "$url/api/articles"
}
is "$(often 4 publish "$token")" '3 201 1 429' 'a user publishes so many'
publish "$bob"
is "$status $(header RateLimit)" '201 "write";r=2;t=28800' \
    'another has as much of their own'

# Instances that come later, and others at the same time, see the same table.
pid() {
	"$var/bin/mayfly" status -o json --run-dir "$var/run" |
	    jq ".functions[] | select(.name == \"$1\") | .instances[].pid"
}
for number in $(pid user-login); do
	kill -9 "$number"
done
no_instance() { test -z "$(pid user-login)"; }
ok 'all instances are killed' wait_for no_instance
login ann wrong
is "$status" 429 'a new one knows what was counted'
pids=''
for number in 1 2 3 4 5 6 7 8 9 10 11 12; do
	curl -s -m 20 -o /dev/null -w '%{http_code}\n' \
	    -H 'Content-Type: application/json' -d '{"user":{"email":
	    "nobody@example.org","password":"x"}}' "$url/api/users/login" \
	    >"$tmp/code$number" &
	pids="$pids $!"
done
# shellcheck disable=SC2086 # a list
wait $pids
is "$(cat "$tmp"/code* | sort | uniq -c | sed 's/^ *//' | paste -s -d ' ')" \
    '5 401 7 429' 'of many at once as many are allowed as there are'

# mayflyd is killed with who keeps its counts, and they with it; limits go on.
kill -9 "$(sed 's/ .*//' "$var/pid/mayflyd.pid")"
stack_up_or_end
is "$(often 6 login ann wrong)" '5 401 1 429' \
    'behind a new mayflyd it is counted anew'
login bob 'correct horse'
is "$status" 200 'and who has the password logs in'

# --- settings ---------------------------------------------------------------

rates off
is "$(often 8 login ann wrong)" '8 401' 'limits can be lifted'
is "$(header RateLimit)" '' 'and then nothing is said'
register emil
is "$status $(grep -c limit_req_zone "$var/nginx.conf")" '201 0' \
    'nor counted by nginx'

rates 'default.address=4/3600 login=off login.address=1/3600 '\
'register.address=off'
is "$(often 6 ask --interface 127.0.1.9 "$url/api/tags")" '4 200 2 429' \
    'functions that name no class are of the first'
is "$(header Retry-After) $(header RateLimit-Policy)" \
    '60 "default-address";q=4;w=3600' 'and say which'
ask -I --interface 127.0.1.9 "$url/api/articles"
is "$status" 429 'HEAD is a request, and all of them share a count'
login ann 'correct horse'
is "$status" 200 'a class with a limit of its own has that alone'
login ann 'correct horse'
is "$status" 429 'and no other'
is "$(often 5 register ann)" '5 409' \
    'one whose limit is lifted has none, not the first one'

# Behind a proxy the operator says which address counts; of IPv6 it is the /64.
from() { ask -H "X-Real-IP: $1" "$url/api/tags"; }
sed -i 's|^\([[:space:]]*\)limit_req_status 429;|\1set_real_ip_from 127.0.0.1;'\
' real_ip_header X-Real-IP; &|' "$var/conf/nginx.conf"
nginx=$(sed 's/ .*//' "$var/pid/nginx.pid")
old=$(pgrep -P "$nginx")
kill -HUP "$nginx"
replaced() {
	for _worker in $old; do
		! kill -0 "$_worker" 2>/dev/null || return 1
	done
}
ok 'nginx takes that' wait_for replaced
is "$(often 5 from 192.0.2.1)" '4 200 1 429' 'the address that a proxy names'
is "$(often 3 from 2001:db8:0:1::1) $(from 2001:db8:0:1:ffff::2
    echo "$status") $(from 2001:db8:0:1:a:b:c:d
    echo "$status") $(from 2001:db8:0:2::1
    echo "$status")" '3 200 200 429 200' 'a /64 of IPv6 is one'
