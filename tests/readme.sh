#!/bin/sh
# SPDX-License-Identifier: MIT
# The documentation is true: the commands of README.md run, in its order,
# against a stack of their own, and print what it says; every path that a
# document names is there, every link leads somewhere, and the manual pages are
# well-formed and name every command and setting.
#
# In README.md a comment stands before each block:
#	<!-- test: run -->		is run
#	<!-- test: prints -->		what the block before it printed
#	<!-- test: no, WHY -->		is not run
# Of what differs from run to run (times, tokens, ids, folders, the port) only
# the form is compared.
. "${top_srcdir:-.}/tests/lib.sh"

documents=$(cd "$top" && ls -- *.md doc/*.md)
tree=$tmp/tree # scripts/new changes it
mkdir "$tree" "$tmp/blocks"
for part in Makefile.am README.md base blog cgi-bin common configure.ac nginx scripts \
    sql tests www; do
	cp -R "$top/$part" "$tree"
done

# blocks: README.md's, as NN-run, NN-prints, NN-no, or NN-unmarked.
blocks() {
	awk -v to="$tmp/blocks" '
	/^<!-- test: / { kind = $3; sub(/,$/, "", kind); next }
	/^```/ && inside { inside = 0; close(file); kind = "unmarked"; next }
	/^```/ {
		inside = 1
		file = sprintf("%s/%02d-%s", to, ++n, kind ? kind : "unmarked")
		printf "" >file
		next
	}
	inside { print >file; next }
	NF { kind = "unmarked" }' "$top/README.md"
}

# Our stack in place of the one that the README speaks of.
here() {
	sed -e "s|http://127.0.0.1:8787|$url|g" -e "s|/srv/mayfly/var|$var|g" \
	    -e "s|\([ =]\)var/|\1$var/|g" -e "s|^var/|$var/|" "$1"
}

form() {
	sed -E -e 's|http://127.0.0.1:[0-9]+|http://HOST|g' \
	    -e "s|$var|VAR|g" -e 's|/srv/mayfly/var|VAR|g' \
	    -e 's|eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*|TOKEN|g' \
	    -e 's|[0-9]{4}-[0-9-]{5}T[0-9:]{8}\.[0-9]{6}Z|TIME|g' \
	    -e 's|-[0-9a-f]{12}"|-RANDOM"|g' \
	    -e 's|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|UUID|g' \
	    "$1" | tr -d '\r' | awk 1 # a line feed at the end
}

# words FILE: what stands between backquotes, one a line, not in blocks.
# shellcheck disable=SC2016 # a backquote is one
words() {
	awk '/^```/ { inside = !inside } !inside' "$1" |
	    grep -o '`[^`]*`' | tr -d '`' | sed 's/:.*//; s/ .*//'
}

# paths FILE: the words that are paths in the tree.  Capitals stand for
# something else (tests/NAME.sh); var/ and build folders are made.
paths() {
	words "$1" | grep -E '^[A-Za-z0-9._/*-]+$' |
	    grep -E '^(\.ci|base|bench|blog|cgi-bin|cli|common|doc|fuzz|nginx|runtime|scripts|sql|tests|www)/|^[A-Za-z]+\.(md|am|ac)$' |
	    grep -vE '/(NAME|NNN|X|hat-get)[^/]*$|/x\.|-X\.' | sort -u
}

# links FILE: the targets of [text](target).
links() { grep -o '\]([^)]*)' "$1" | sed 's/^](//; s/)$//' | sort -u; }

# there PATH: as a file, or made by the build (cgi-bin/NAME).
there() {
	for _path in "$top"/$1; do # a pattern such as cgi-bin/*.c
		test -e "$_path" || test -e "$_path.c"
	done
}

# commands: of "mayfly", as its help lists them.
commands() {
	"$top_builddir/mayfly" help | sed -n 's/^  \([a-z][a-z ]*[a-z]\)  .*/\1/p'
}

# anchors FILE: of its headings, as GitHub makes them.
anchors() {
	grep '^#' "$1" | sed 's/^#* //' | tr '[:upper:]' '[:lower:]' |
	    tr -d '.,:?()`"'"'" | tr ' ' '-'
}

# leads FROM TARGET
leads() {
	case $2 in
	https://*) return 0 ;; # elsewhere: not for a test
	'#'*) anchors "$1" | grep -qxF -e "${2#?}" ;;
	*'#'*)
		_file=$(dirname "$1")/${2%%#*}
		anchors "$_file" | grep -qxF -e "${2#*#}"
		;;
	*) test -e "$(dirname "$1")/$2" ;;
	esac
}

blocks
# shellcheck disable=SC2119 # no functions but the tree's
stack_start
VAR=$var HTTP_PORT=$port BUILD=$top_builddir MAYFLY_RUN_DIR=$var/run
export VAR HTTP_PORT BUILD MAYFLY_RUN_DIR
# /dev/null: a function would serve a terminal's user help.
exec </dev/null

plan $(($(find "$tmp/blocks" -name '*-run' -o -name '*-prints' | wc -l) + 1 +
    2 * $(echo "$documents" | wc -l) + 5))
is "$(cd "$tmp/blocks" && find . -name '*-unmarked')" '' \
    'each block of README.md says whether it is tested'
cd "$tree" || exit 99
for block in "$tmp"/blocks/*; do
	line=$(head -n 1 "$block")
	case $block in
	*-run)
		here "$block" >"$tmp/commands"
		# Here, not in a process of its own: a variable that one block
		# sets is used by a later one.
		# shellcheck source=/dev/null
		. "$tmp/commands" >"$tmp/printed" 2>"$tmp/complaint"
		result $? "README.md: $line"
		sed 's/^/# /' "$tmp/complaint"
		;;
	*-prints)
		is "$(form "$tmp/printed")" "$(form "$block")" \
		    "prints: $line"
		;;
	esac
done

cd "$top" || exit 99
for document in $documents; do
	is "$(paths "$document" | while read -r path; do
		there "$path" || echo "$path"
	done)" '' "each path in $document is there"
	is "$(links "$document" | while read -r target; do
		leads "$document" "$target" || echo "$target"
	done)" '' "each link in $document leads somewhere"
done

for page in mayfly-hold.8 mayfly.1 mayflyd.8; do
	if command -v mandoc >"$tmp/which"; then
		# A style remark is only that the pages are not installed.
		is "$(mandoc -Tlint -W warning "$top/doc/$page" 2>&1)" '' \
		    "doc/$page is well-formed"
	else
		count=$((count + 1))
		echo "ok $count - doc/$page # SKIP there is no mandoc"
	fi
done
is "$(commands | while read -r command; do
	grep -q "^\.It Cm $command" "$top/doc/mayfly.1" || echo "$command"
done)" '' 'each command is in doc/mayfly.1'
is "$(sed -n 's/.*{"\([A-Z_]*\)", .*/\1/p' "$top/base/setting.c" |
    while read -r name; do
	grep -qE "^\.It Ev .*\b$name\b" "$top/doc/mayflyd.8" || echo "$name"
    done)" '' 'each setting is in doc/mayflyd.8'
