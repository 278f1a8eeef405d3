#!/bin/sh
# SPDX-License-Identifier: MIT
# A function and a database that wants a password, and one that offers TLS.
# Functions that are linked statically have neither MD5 nor TLS
# (common/libpq_crypto.c), others have all that the system's libpq has.
. "${top_srcdir:-.}/tests/lib.sh"

test -d /usr/lib/postgresql || skip_all 'PostgreSQL is not installed'
password=correct-horse
cluster=$tmp/cluster cluster_port=$(free_port)
cluster_start "$cluster" -c listen_addresses=127.0.0.1 -c log_connections=on

psql_cluster -d postgres <<END || exit 99
CREATE ROLE scram LOGIN PASSWORD '$password';
SET password_encryption = md5;
CREATE ROLE md5 LOGIN PASSWORD '$password';
END
cat >"$cluster/data/pg_hba.conf" <<'END'
local all mayfly trust
local all scram scram-sha-256
local all md5 md5
host all scram all scram-sha-256
END
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test \
    -keyout "$cluster/data/server.key" -out "$cluster/data/server.crt" \
    2>"$tmp/openssl.log" || exit 99
chmod 600 "$cluster/data/server.key" &&
    chown "$service:" "$cluster/data/server.key" || exit 99

no_trust() {
	! psql -wqXAt -h "$cluster/run" -p "$cluster_port" -U scram -d postgres -c ''
}
psql_cluster -d postgres -c 'SELECT pg_reload_conf()' >/dev/null
wait_for -t 5 no_trust || exit 99

tls() {
	psql_cluster -d postgres -c "ALTER SYSTEM SET ssl = $1" \
	    -c 'SELECT pg_reload_conf()' >/dev/null
	wait_for -t 5 tls_is "$1"
}
tls_is() { test "$(psql_cluster -d postgres -c 'SHOW ssl')" = "$1"; }

# database USER PASSWORD HOST [OPTION]
database() {
	_url="postgresql:///postgres?host=$3&port=$cluster_port"
	one_url "$_url&user=$1&password=$2${4+&$4}"
	fn ../tests/fn/query
	cat "$tmp/log" >>"$tmp/logs"
}
logged() { jq -r .msg "$tmp/log"; }
opened() { grep -c "connection authorized: user=$1" "$cluster/data/log"; }

good='200 {"rows":1}'
bad='503 {"errors":{"database":["is not available, try again"]}}'
if ldd "$top_builddir/tests/fn/query" 2>&1 | grep -q libssl; then
	tls_is_built=yes tls_lines=0
else
	tls_is_built='' tls_lines=1
fi

plan 17
database scram "$password" "$cluster/run"
is "$status $body" "$good" 'SCRAM-SHA-256'
database scram "$password-not" "$cluster/run"
is "$status $body" "$bad" 'a wrong password'
like "$(logged)" 'password authentication failed' 'the log says so'
database md5 "$password" "$cluster/run"
if test -n "$tls_is_built"; then
	is "$status $body" "$good" 'MD5'
	is "$(logged)" '' 'nothing is logged'
else
	is "$status $body" "$bad" 'no MD5'
	like "$(logged)" 'SCRAM-SHA-256, not MD5' 'the log says what there is'
fi

database scram "$password" 127.0.0.1
is "$status $body" "$good" 'TCP'
database scram "$password" 127.0.0.1 sslmode=require
is "$status $body" "$bad" 'TLS is required, and the server has none'
like "$(logged)" 'server does not support SSL' 'the log says so'

ok 'the server begins to offer TLS' tls on
before=$(opened scram)
for mode in prefer require; do
	database scram "$password" 127.0.0.1 "sslmode=$mode"
	if test -n "$tls_is_built"; then
		is "$status $body" "$good" "TLS: $mode"
	else
		is "$status $body" "$bad" "no TLS: $mode"
	fi
done
if test -n "$tls_is_built"; then
	is "$(grep -c 'SSL enabled' "$cluster/data/log")" 2 'both encrypted'
	is "$(logged)" '' 'nothing is logged'
else
	is "$(opened scram)" "$before" 'nothing goes on in the clear'
	like "$(logged)" 'the server offers TLS.*sslmode=disable' \
	    'the log says what to do'
fi
is "$(wc -l <"$tmp/log")" "${tls_lines:?}" 'in one line'
for mode in disable allow; do
	database scram "$password" 127.0.0.1 "sslmode=$mode"
	is "$status $body" "$good" "in the clear, where the URL says $mode"
done
is "$(grep -c "$password" "$tmp/logs")" 0 'no password was ever logged'
