#!/bin/sh
# SPDX-License-Identifier: MIT
# Rate limits without mayflyd and nginx, which is CGI: counted in the database,
# of an account that is attacked, a user, an address.
# shellcheck disable=SC2030,SC2031 # a folder of its own for each at once
. "${top_srcdir:-.}/tests/lib.sh"

# login EMAIL PASSWORD [ADDRESS]
login() {
	fn user-login ${3+-e "REMOTE_ADDR=$3"} -d "$(jq -cn --arg e "$1" \
	    --arg p "$2" '{user: {email: $e, password: $p}}')"
}
header() { echo "$headers" | sed -n "s/^$1: //p"; }

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

refusal='429 {"errors":{"rate":["limit is exceeded, try again later"]}}'

db_start
new_user ann >"$tmp/token"
new_user bob >"$tmp/bob"
token=$(cat "$tmp/token")
plan 45

# --- an account -------------------------------------------------------------

# A day, so that nothing is back before the test has ended.
rates='login=5/86400'
login ann@example.org wrong
is "$status" 401 'a wrong password is told'
is "$(header RateLimit-Policy)" '"login";q=5;w=86400' 'of how many'
is "$(header RateLimit)" '"login";r=4;t=17280' 'and how many are left'
is "$(often 4 login ann@example.org wrong)" '4 401' 'up to the quota'
login ann@example.org wrong
is "$status $body" "$refusal" 'beyond it the account is left alone'
is "$(header Retry-After | grep -cE '^172[67][0-9]$|^17280$')" 1 \
    'with the time until one is back'
is "$(header RateLimit | sed 's/;t=.*//')" '"login";r=0' 'and none is left'
login ann@example.org 'correct horse'
is "$status" 429 'also for the right password: who guesses learns nothing'
fn user-login -e HTTP_ACCEPT=application/problem+json \
    -d '{"user":{"email":"ann@example.org","password":"x"}}'
is "$(json '[.type, .title, .status, .errors.rate[0]] | @json')" \
    '["about:blank","Too Many Requests",429,"limit is exceeded, try again later"]' \
    'in the form of RFC 9457 for who wants that'
for email in ANN@example.org ' Ann@Example.ORG '; do
	login "$email" wrong
	is "$status" 429 "it is one account, however it is written: $email"
done
login bob@example.org 'correct horse'
is "$status" 200 'another account is not concerned'

# As many as one likes that are right.
is "$(often 8 login bob@example.org 'correct horse')" '8 200' \
    'what goes well is not counted'
login bob@example.org 'correct horse'
is "$(header RateLimit)" '"login";r=5;t=0' 'and says so'

# An unknown one looks the same.
is "$(often 7 login nobody@example.org wrong)" '5 401 2 429' \
    'an account that is none is limited likewise'
login NOBODY@Example.org wrong
is "$status" 429 'and is one, however it is written'
is "$(login nobody@example.org x
    echo "$body" "$headers" | grep -vE '^(X-Request-Id|Retry-After|RateLimit:)')" \
    "$(login ann@example.org x
    echo "$body" "$headers" | grep -vE '^(X-Request-Id|Retry-After|RateLimit:)')" \
    'the answers are the same'

# An address from which its user has logged in has a count of its own.
sql 'TRUNCATE rate'
login ann@example.org 'correct horse' 192.0.2.7
is "$status" 200 'ann logs in at home'
is "$(often 6 login ann@example.org wrong 203.0.113.9)" '5 401 1 429' \
    'others guess, and are stopped'
login ann@example.org wrong 198.51.100.1
is "$status" 429 'at whatever address'
login ann@example.org 'correct horse' 192.0.2.7
is "$status" 200 'at home ann is not shut out'
is "$(often 6 login ann@example.org wrong 192.0.2.7)" '5 401 1 429' \
    'where nobody guesses more often'
login bob@example.org 'correct horse' 2001:db8:1:2:aaaa::1
is "$(often 6 login bob@example.org wrong 2001:db8:9::1)" '5 401 1 429' \
    'of IPv6'
login bob@example.org 'correct horse' 2001:db8:1:2:bbbb::2
is "$status" 200 'a /64 is one address'
login bob@example.org 'correct horse' 2001:db8:1:3::1
is "$status" 429 'another is another'

# An email that reads like the id of a user.
id=$(sql "SELECT id FROM account WHERE username = 'bob'")
is "$(often 6 login "$id" wrong)" '5 401 1 429' 'an account called 2'
fn password-update -m PUT -t "$(cat "$tmp/bob")" -d '{"user":
    {"currentPassword":"wrong","password":"another horse"}}'
is "$status" 422 'is not the user with this id'

# --- an address, a user -----------------------------------------------------

# register NAME ADDRESS
register() {
	fn user-create -e "REMOTE_ADDR=$2" -d '{"user":{"username":"'"$1"'",
	    "email":"'"$1"'@example.org","password":"correct horse"}}'
}
rates='register.address=2/86400 write=3/86400'
register one 192.0.2.1
is "$status $(header RateLimit-Policy)" '201 "register-address";q=2;w=86400' \
    'an address registers'
register ann 192.0.2.1
is "$status" 409 'a try counts, though nothing is stored'
register two 192.0.2.1
is "$status $body" "$refusal" 'and no more than it may'
register two 192.0.2.2
is "$status" 201 'another may'
fn user-create -d '{"user":{"username":"three","email":"three@example.org",
    "password":"correct horse"}}'
is "$status $(header RateLimit-Policy)" '201 ' \
    'without an address there is nothing to count'

publish() {
	fn article-create -t "$1" -d '{"article":{"title":"T",
	    "description":"D","body":"B","tagList":[]}}'
}
is "$(often 4 publish "$token")" '3 201 1 429' 'a user publishes so many'
publish "$(cat "$tmp/bob")"
is "$status $(header RateLimit)" '201 "write";r=2;t=28800' \
    'another user has a quota of their own'
fn article-create -t "$token" -d '{"article":{}}'
is "$status $body" "$refusal" 'the limit comes before the inputs'
fn article-create -t x.y.z -d '{"article":{}}'
is "$status" 401 'and after the token'
fn article-create -m GET
is "$status $(header RateLimit)" '405 ' 'of what is not counted nothing is said'

rates=off
is "$(often 3 publish "$token")" '3 201' 'they can be lifted'
publish "$token"
is "$(header RateLimit)" '' 'and then nothing is said'
rates='login=5'
login bob@example.org x
is "$code $(logged)" '100 MAYFLY_RATES: login must be =off or =QUOTA/SECONDS, '\
'1 to 1000000 and 1 to 86400' 'a setting that is wrong is said to be'

# --- the table --------------------------------------------------------------

rates='login=20/86400'
sql 'TRUNCATE rate'
login bob@example.org wrong
is "$(sql "SELECT count(*) FROM rate WHERE position('bob' IN
    convert_from(decode(encode(key, 'escape'), 'escape'), 'LATIN1')) > 0")" 0 \
    'the table has no names'
# Twice as many at once as there are.
pids=''
for number in 1 2 3 4; do
	(
		tmp=$tmp/$number
		mkdir "$tmp"
		for _ in 1 2 3 4 5 6 7 8 9 10; do
			login carl@example.org wrong
			echo "$status"
		done >"$tmp/codes"
	) &
	pids="$pids $!"
done
# shellcheck disable=SC2086 # a list
wait $pids
is "$(sort "$tmp"/[1-4]/codes | uniq -c | sed 's/^ *//' | paste -s -d ' ')" \
    '20 401 20 429' 'of many at once as many are allowed as there are'
sql "INSERT INTO rate SELECT decode(md5(n::text), 'hex'), 1
    FROM generate_series(1, 500) AS n"
sql "SELECT rate_take(decode(md5('new' || n), 'hex'), 1, 10, 1)
    FROM generate_series(1, 2000) AS n" >"$tmp/taken"
is "$(sql "SELECT count(*) FROM rate WHERE arrival_ms = 1")" 0 \
    'what is over is swept away in passing'
is "$(sql "SELECT bool_or(has_table_privilege(name, 'rate',
    'SELECT, INSERT, UPDATE, DELETE')) FROM function_role")" f 'functions have no right to the table'
one_url 'host=/nonexistent'
publish "$token"
is "$status" 503 'without a database nothing is allowed by chance'
