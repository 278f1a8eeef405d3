#!/bin/sh
# SPDX-License-Identifier: MIT
# nginx-reload -- another configuration for an nginx that runs (tests/take is
# cli/nginx-reload): tested before it is put into place, in force afterwards, and
# the old one where it is not taken.
. "${top_srcdir:-.}/tests/lib.sh"

command -v nginx >"$tmp/which" || skip_all 'nginx is not installed'
command -v curl >"$tmp/which" || skip_all 'curl is not installed'
# As nginx's user, who need not reach the build.
cp "$top_builddir/tests/take" "$tmp/take" || exit 99
plan 35

dir=$tmp/web conf=$tmp/web/nginx.conf
mkdir "$dir" && chown "$service:" "$dir" || exit 99
port=$(free_port)

# config TEXT [MORE]: one that answers with TEXT; MORE stands in its http{}.
config() {
	cat <<-END
		worker_processes 2;
		pid $dir/nginx.pid;
		error_log $dir/error.log;
		events { }
		http {
			access_log off;
			client_body_temp_path $dir/t1;
			fastcgi_temp_path $dir/t2;
			proxy_temp_path $dir/t3;
			scgi_temp_path $dir/t4;
			uwsgi_temp_path $dir/t5;
			server {
				listen 127.0.0.1:$port;
				location / { return 200 "$1"; }
			}
			${2-}
		}
	END
}

# take CONFIG...: sets $code, $out and $err.
take() {
	config "$@" >"$tmp/new.conf"
	give "$conf" "$dir/nginx.pid"
}
give() {
	code=0
	as_service "$tmp/take" "$@" <"$tmp/new.conf" >"$tmp/out" \
	    2>"$tmp/err" || code=$?
	out=$(cat "$tmp/out") err=$(cat "$tmp/err")
}

answer() {
	curl -s --noproxy '*' --max-time 5 "http://127.0.0.1:$port/"
}
answers() { test "$(answer)" = "$1"; }

workers() {
	for _pid in $(pgrep -P "$(cat "$dir/nginx.pid")"); do
		tr '\0' ' ' <"/proc/$_pid/cmdline" 2>/dev/null
		echo
	done
}
accepting() { workers | grep -c 'nginx: worker process *$'; }
beside() { find "$dir" -name 'nginx.conf*' -printf '%f\n' | sort | paste -s -d ' ' -; }

# --- without an nginx -------------------------------------------------------

take one
is "$code $out$err" '0 changed' 'the first configuration is written'
ok 'as it is' cmp "$conf" "$tmp/new.conf"
is "$(beside)" nginx.conf 'and nothing beside it'
take one
is "$code $out$err" '0 same' 'the same again is nothing to do'
echo "$$" >"$dir/nginx.pid"
take one-more
is "$code $out$err" '0 changed' 'a process that is no nginx is not told'
rm "$dir/nginx.pid"
printf 'nonsense;\n' >"$tmp/new.conf"
give "$conf" "$dir/nginx.pid"
is "$code" 1 'nonsense is refused'
like "$err" 'unknown directive "nonsense" in .*nginx.conf.new:1' \
    'and nginx says why'
is "$(printf '%s\n' "$err" | grep -c 'error log\|test failed')" 0 \
    'and nothing but that'
is "$(sed -n 's/.*return 200 "\(.*\)".*/\1/p' "$conf")" one-more \
    'the file is what it was'

# --- with one ---------------------------------------------------------------

as_service nginx -e "$dir/error.log" -c "$conf" >"$tmp/start" 2>&1 || {
	note "$(cat "$tmp/start")"
	exit 99
}
wait_for test -s "$dir/nginx.pid" || exit 99
kill_at_exit "$(cat "$dir/nginx.pid")"
wait_for answers one-more || exit 99

take one-more
is "$code $out" '0 same' 'a running nginx is not told what it has'
# Clients from before to after: each answer is the old or the new one.
(
	while test ! -e "$tmp/enough"; do
		answer || echo failed
		echo
	done >"$tmp/answers"
) &
for text in two three four five; do
	take "$text"
	is "$code $out$err" '0 changed' "another is taken: $text"
	for _ in 1 2 3 4 5 6 7 8; do
		answer
		echo
	done | sort -u >"$tmp/seen"
	is "$(cat "$tmp/seen") $(accepting)" "$text 2" \
	    'and from then on it answers'
done
: >"$tmp/enough"
wait
is "$(grep -vxE 'one-more|two|three|four|five' "$tmp/answers")" '' \
    'no request has failed meanwhile'
is "$(beside)" nginx.conf 'nothing is beside it'

take broken 'server { listen nowhere'
is "$code $out" '1 ' 'one that nginx refuses is not put into place'
is "$(answer) $(accepting)" 'five 2' 'and nginx goes on'
config five >"$tmp/five"
ok 'with the same file' cmp "$conf" "$tmp/five"
is "$(beside)" 'nginx.conf nginx.conf.new' 'the other is there to look at'

config broken 'server { listen nowhere' >"$tmp/new.conf"
give "$conf" "$dir/nginx.pid" test
is "$code $out" '1 ' 'a test alone refuses it, too'
config six >"$tmp/new.conf"
give "$conf" "$dir/nginx.pid" test
is "$code $out$err $(answer)" '0  five' 'and of a good one changes nothing'
ok 'nor the file' cmp "$conf" "$tmp/five"

# "nginx -t" takes a port that another has; nginx itself does not.
second=$(free_port)
sed "s/$port/$second/; s|nginx.pid|other.pid|" "$tmp/five" >"$dir/other.conf"
as_service nginx -e "$dir/error.log" -c "$dir/other.conf" >"$tmp/start" 2>&1 ||
    exit 99
wait_for test -s "$dir/other.pid" || exit 99
kill_at_exit "$(cat "$dir/other.pid")"
take seven "server { listen 127.0.0.1:$second; }"
is "$code $out" '1 ' 'one that it cannot take is given up'
like "$err" 'nginx does not take its configuration' 'and that is said'
ok 'the file is the old one again' cmp "$conf" "$tmp/five"
is "$(answer) $(accepting)" 'five 2' 'which it has'
is "$(beside)" 'nginx.conf nginx.conf.new' 'and no other is left'
take eight
is "$code $out $(answer)" '0 changed eight' 'after that the next is taken'

# Killed between the file and nginx.
take eight
config nine >"$tmp/nine" && as_service cp "$tmp/nine" "$conf.new" &&
    ln -f "$conf.new" "$conf.link" &&
    mv -f "$conf.link" "$conf" || exit 99
take nine
is "$code $out $(answer) $(beside)" '0 changed nine nginx.conf' \
    'what a killed run put into place is taken by the next'
take nine
is "$code $out" '0 same' 'once'
