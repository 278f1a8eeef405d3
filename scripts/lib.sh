# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# lib.sh -- what scripts/up, down, test and tests/lib.sh share.  Sourced; the
# caller has set $top to the root of the tree.
#
#   say TEXT...             progress, on stderr
#   fail TEXT [HINT]        an error and what to do about it; exit 1
#   step TEXT LOG CMD...    run CMD into LOG; shows TEXT when it takes longer
#                           than a second, and the end of LOG when it fails
#   wait_until SECONDS CMD...     until CMD succeeds; false at the deadline
#   install_packages KIND LOG     what scripts/packages lists for KIND (up,
#                           test) and this machine lacks
#   service_user            sets $service, who runs the daemons: this user, or
#                           the system user mayfly when this user is root
#   as_service CMD...       run CMD as $service; paths are absolute
#   reachable DIR           whether $service can enter DIR
#   find_postgres [DATA]    sets $pg_bin, the programs that fit the data
#   at_least VERSION WANTED       whether 1.24.1, say, is 1.21 or later
#   configure_into DIR [OPTION...]   a build of the tree, ready for make
#   compiler_warnings       those in what make printed (standard input), each
#                           once
#   port_taken PORT         whether something listens there
#   alive PIDFILE           whether the process that start() noted runs; sets
#                           $pid
#   start PIDFILE LOG CMD...      a daemon, by itself, as $service
#   stop PIDFILE SIGNAL SECONDS   ask with SIGNAL, kill at the deadline; also
#                           what it left when it was killed
#   at_work_in DIR          prints the processes whose current folder is DIR
#   end_all LIST...         end the processes that the command LIST prints

PATH=$PATH:/usr/sbin:/sbin
: "${top:?}"
umask 022
child=''
red='' plain=''
if test -t 2 && test -z "${NO_COLOR-}"; then
	red=$(printf '\033[31m') plain=$(printf '\033[0m')
fi

say() { printf 'mayfly: %s\n' "$*" >&2; }

fail() {
	printf '%smayfly: error:%s %s\n' "$red" "$plain" "$1" >&2
	if test $# -gt 1; then
		printf '  %s\n' "$2" >&2
	fi
	exit 1
}

pause() { sleep 0.05; } # between two looks at something that has no event

# Seconds since boot: deadlines do not move when somebody sets the clock.
uptime_s() { cut -d. -f1 /proc/uptime; }

wait_until() {
	_end=$(($(uptime_s) + $1))
	shift
	until "$@"; do
		test "$(uptime_s)" -le "$_end" || return 1
		pause
	done
}

step() {
	_text=$1 _log=$2
	shift 2
	"$@" >>"$_log" 2>&1 </dev/null &
	child=$!
	_shown='' _begin=$(uptime_s)
	while kill -0 "$child" 2>/dev/null; do
		if test -z "$_shown" &&
		    test $(($(uptime_s) - _begin)) -gt 1; then
			say "$_text ..."
			_shown=yes
		fi
		pause
	done
	_status=0
	wait "$child" || _status=$?
	child=''
	test "$_status" -eq 0 && return
	tail -n 20 "$_log" | sed 's/^/  | /' >&2
	fail "$_text failed" "all of it: $_log"
}

# --- packages ---------------------------------------------------------------

missing_packages() {
	_kinds=$1
	awk -v kinds=" $_kinds " '$1 !~ /^#/ && NF &&
	    index(kinds, " " $1 " ") { print $2 }' "$top/scripts/packages" |
	    while read -r _package; do
		case $(dpkg-query -W -f '${db:Status-Status}' "$_package" \
		    2>/dev/null) in
		installed) ;;
		*)
			# Node's own package brings npm with it.
			test "$_package" = npm && command -v npm >/dev/null ||
			    echo "$_package"
			;;
		esac
	done
}

# Runs as root.  Debian starts what it installs, and again at each boot; here
# that would be a web server on port 80 and a second PostgreSQL, unasked.  So
# starting is forbidden while apt-get runs (policy-rc.d, see invoke-rc.d(8)),
# and services that came with these packages are not started at boot either.
# Services that were there before are left alone.
# shellcheck disable=SC2016 # expanded by the shell that gets it
install_as_root='
set -eu
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d mark="# mayfly: while packages are installed"
if test ! -e "$policy" || grep -qxF "$mark" "$policy"; then
	trap "rm -f $policy" EXIT
	trap "exit 130" HUP INT TERM
	printf "#!/bin/sh\n%s\nexit 101\n" "$mark" >"$policy"
	chmod 755 "$policy"
fi
before=""
for service in nginx pgbouncer postgresql prometheus; do
	test ! -e "/etc/init.d/$service" || before="$before $service"
done
get="apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300"
$get update
$get install --yes --no-install-recommends "$@"
for service in nginx pgbouncer postgresql prometheus; do
	case " $before " in
	*" $service "*) continue ;;
	esac
	test -e "/etc/init.d/$service" || continue
	update-rc.d "$service" disable
	test ! -d /run/systemd/system || systemctl stop "$service"
done
'

install_packages() {
	_packages=$(missing_packages "$1" | paste -s -d ' ')
	test -n "$_packages" || return 0
	_sudo=''
	if test "$(id -u)" -ne 0; then
		_sudo=sudo
		say "packages are missing: $_packages"
		# sudo -v wants a password of who needs none for commands, too.
		command -v sudo >/dev/null &&
		    { sudo -n true 2>/dev/null || sudo -v; } ||
		    fail 'they cannot be installed without root' \
			"as root: apt-get install $_packages"
	fi
	# shellcheck disable=SC2086 # a list, and a word that may be none
	step "installing $_packages" "$2" \
	    $_sudo sh -c "$install_as_root" sh $_packages
}

# --- who and where ----------------------------------------------------------

service_user() {
	service=$(id -un)
	test "$(id -u)" -eq 0 || return 0
	service=mayfly
	id "$service" >/dev/null 2>&1 || useradd --system --user-group \
	    --no-create-home --home-dir /nonexistent \
	    --shell /usr/sbin/nologin "$service" ||
	    fail "cannot create the system user $service" \
		'nothing runs as root; see useradd(8)'
}

# From /, since $service may not enter the folder that root is in.
as_service() {
	if test "$(id -u)" -eq 0; then
		setpriv --reuid "$service" --regid "$(id -g "$service")" \
		    --init-groups --inh-caps=-all -- env -C / -- "$@"
	else
		"$@"
	fi
}

reachable() { as_service test -x "$1"; }

find_postgres() {
	if test -n "${1-}" && test -r "$1/PG_VERSION"; then
		pg_bin=/usr/lib/postgresql/$(cat "$1/PG_VERSION")/bin
	else
		pg_bin=$(find /usr/lib/postgresql/*/bin -name initdb \
		    2>/dev/null | sort -V | tail -n 1)
		pg_bin=${pg_bin%/initdb}
	fi
	test -x "$pg_bin/postgres" || fail "no PostgreSQL in ${pg_bin:-/usr/lib}" \
	    'install the package postgresql of that version'
}

# A listener's port is in hexadecimal in the second column; 0A is LISTEN.
port_taken() {
	cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
	    awk -v port="$(printf ':%04X' "$1")" '$4 == "0A" &&
		substr($2, length($2) - 4) == port { found = 1 }
		END { exit !found }'
}

at_least() { printf '%s\n' "$2" "$1" | sort -V -C; }

# --- building ---------------------------------------------------------------

# configure and Makefile.in lie in the tree, where two builds at once must not
# both make them, hence the lock.  make does the rest by itself.
configure_into() {
	_dir=$1
	shift
	test ! -e "$top/config.status" || {
		echo 'The tree itself is configured: run "make distclean".'
		return 1
	}
	mkdir -p "$_dir"
	_options="$* $top"
	(
		flock 8 || exit 1
		cd "$top" || exit 1
		if test ! -e configure || test ! -e Makefile.in ||
		    test configure.ac -nt configure; then
			autoreconf --install || exit 1
		fi
		cd "$_dir" || exit 1
		if test ! -e Makefile ||
		    test "$(cat options 2>/dev/null)" != "$_options"; then
			"$top/configure" "$@" || exit 1
			echo "$_options" >options
		fi
		make -s am--refresh
	) 8<"$top/configure.ac"
}

# A compiler names file, line and column, the linker no column: what that says
# of getaddrinfo() in static programs is no news, functions look up no names.
compiler_warnings() {
	grep -E '^[^ :]+:[0-9]+:[0-9]+: warning: ' | awk '!seen[$0]++'
}

# --- daemons ----------------------------------------------------------------

# State and start time of a process: fields 3 and 22 of /proc/PID/stat.  The
# name before them is in parentheses and may hold anything.
process_state() {
	_stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	# shellcheck disable=SC2086 # fields
	set -- ${_stat##*) }
	state=$1 started=${20}
}

# A number alone may be another process by now, after a crash or a reboot, so
# the file holds number, start time, boot and its own path (a copy of the
# folder must not stop the original).
noted() {
	{ read -r _pid _started _boot _file <"$1"; } 2>/dev/null &&
	    test "$_file" = "$1" &&
	    test "$_boot" = "$(cat /proc/sys/kernel/random/boot_id)"
}

alive() {
	pid=''
	noted "$1" && process_state "$_pid" &&
	    test "$started" = "$_started" || return 1
	case $state in
	Z | X) return 1 ;; # dead, only its parent has not asked yet
	esac
	pid=$_pid
}

# What a dead daemon left in the session that start() gave it: nginx's workers
# go on serving without their master.  Its number is not given to another
# process while they live; if another has it, nothing is left.
left_behind() {
	noted "$1" || return 0
	if process_state "$_pid" && test "$started" != "$_started"; then
		return 0
	fi
	cat /proc/[0-9]*/stat 2>/dev/null | awk -v session="$_pid" '{
		number = $1
		sub(/^.*\) /, "")
		if ($4 == session && $1 != "Z" && number != session)
			print number
	}'
}

# PostgreSQL's processes have sessions of their own, but all work in $1.
at_work_in() {
	find /proc -maxdepth 2 -name cwd -lname "$1" 2>/dev/null |
	    cut -d / -f 3
}

# end_all LIST...: end the processes that the command LIST prints.  Asked as
# $service, so that it can be no other's.
end_all() {
	for _end_signal in TERM KILL; do
		_numbers=$("$@")
		test -n "$_numbers" || return 0
		# shellcheck disable=SC2016,SC2086 # for that shell; a list
		as_service sh -c 'kill -s "$@"' sh "$_end_signal" $_numbers \
		    2>/dev/null
		wait_until 5 none "$@" && return
	done
	fail "processes that cannot be ended: $("$@" | tr '\n' ' ')"
}

none() { test -z "$("$@")"; }

# The daemon gets its own session, a bare environment (what the caller has in
# his is not configuration), and no descriptor of ours, or of whoever called us:
# somebody may be waiting for the end of our output, and what the caller has open
# is not for functions to read.  A number of two digits only bash can close.  The
# log is opened by $service, since it lies in a folder of his.
start() {
	_file=$1 _log=$2
	shift 2
	(
		cd / || exit 1
		ulimit -S -n "$(descriptors)"
		# shellcheck disable=SC2016 # for that shell
		as_service_exec setsid bash -p -c '
			for fd in /proc/self/fd/*; do
				fd=${fd##*/}
				test "$fd" -le 2 || exec {fd}>&-
			done
			log=$1
			shift
			exec "$@" >>"$log" 2>&1' bash "$_log" \
		    env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin LC_ALL=C.UTF-8 \
		    "$@"
	) </dev/null >/dev/null 2>&1 &
	_pid=$!
	process_state "$_pid" || return 1
	echo "$_pid $started $(cat /proc/sys/kernel/random/boot_id) $_file" \
	    >"$_file"
}

# As as_service, in place of this shell, so that its number is the daemon's.
as_service_exec() {
	if test "$(id -u)" -eq 0; then
		exec setpriv --reuid "$service" \
		    --regid "$(id -g "$service")" --init-groups \
		    --inh-caps=-all --no-new-privs -- "$@"
	fi
	exec "$@"
}

# How many descriptors a daemon may have: PgBouncer wants one for each client.
descriptors() {
	_hard=$(ulimit -H -n)
	if test "$_hard" = unlimited || test "$_hard" -gt 4096; then
		_hard=4096
	fi
	echo "$_hard"
}

gone() { ! alive "$1"; }

stop() {
	if alive "$1"; then
		kill -"$2" "$pid"
		wait_until "$3" gone "$1" || {
			say "$(basename "$1" .pid) did not stop in $3 s:" \
			    'killed'
			kill -KILL "$pid"
			wait_until 5 gone "$1" ||
			    fail "process $pid cannot be killed"
		}
	fi
	end_all left_behind "$1"
	rm -f "$1"
}
