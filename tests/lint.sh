#!/bin/sh
# SPDX-License-Identifier: MIT
# The tree keeps the rules of scripts/lint, and lint notices each that is
# broken: in a small tree, one file with one fault per rule.
. "${top_srcdir:-.}/tests/lib.sh"

! grep -q -- '--enable-sanitizers' "$top_builddir/options" 2>"$tmp/none" ||
    skip_all 'the tree is the same in each build: tested in that without'

lint=$top/scripts/lint
rules=$("$lint" -l)

# broken RULE FILE WHAT: the file on standard input breaks the rule.
broken() {
	mkdir -p "$(dirname "$tmp/tree/$2")"
	cat >"$tmp/tree/$2"
	found=$("$lint" -r "$1" "$tmp/tree" 2>&1)
	like "$found" "^$2:[0-9]+: $1: .*; " "$1 notices $3"
	rm -rf "$tmp/tree"
	mkdir "$tmp/tree"
	cp "$top/.clang-format" "$tmp/tree"
}

plan $(($(echo "$rules" | wc -l) + 30))
mkdir "$tmp/tree"
for rule in $rules; do
	found=$("$lint" -r "$rule" "$top" 2>"$tmp/skipped")
	if test -s "$tmp/skipped"; then
		count=$((count + 1))
		echo "ok $count - $rule # SKIP $(cat "$tmp/skipped")"
	else
		is "$found" '' "the tree keeps: $rule"
	fi
done

head='/* SPDX-License-Identifier: MIT */'
for call in 'sprintf(a, "")' 'strcpy(a, b)' 'strcat(a, b)' 'strtok(a, b)' \
    'atoi(a)' 'gets(a)' 'system(a)' 'popen(a, b)' 'PQescapeLiteral(a, b, 1)' \
    'PQexec(a, b)' 'PQcancel(a, b, 1)' 'PQgetCancel(a)' \
    'FD_SET(a, b)' 'setlocale(a, b)'; do
	broken banned common/x.c "$call" <<END
/* not a call: $call */
	c = "$call"; $call;
END
done
mkdir -p "$tmp/tree/common"
touch "$tmp/tree/common/db.h"
broken arrows base/x.c 'an arrow upwards' <<END
#include "db.h"
END
mkdir -p "$tmp/tree/cli"
printf 'static int\nrun(void)\n' >"$tmp/tree/cli/a.c"
broken statics runtime/x.c 'a static name that stands twice' <<END
static void
run(int n)
END
broken sql cgi-bin/x.c 'SQL in C' <<END
	"SELECT a FROM b"
END
broken base base/x.c 'an abort in base/' <<END
	abort();
END
broken base runtime/x.c 'an allocation in a daemon that ends it' <<END
	p = xmalloc(1);
END
broken cgi-bin cgi-bin/x.c 'output past the reply' <<END
	printf("");
END
broken cgi-bin cgi-bin/x.c 'memory that is not the request'"'"'s' <<END
	free(a);
END
broken function-length common/x.c 'a function of 81 lines' <<END
{
$(repeat 80 ';' | fold -w 1)
}
END
broken file-length cgi-bin/x.c 'a function of 121 lines' <<END
$(repeat 121 ';' | fold -w 1)
END
broken comments common/x.c 'a comment that ran over its line' <<END
$head
/*
 * one
 *two
 */
END
broken spdx scripts/x.sh 'a file without licence' <<END
#!/bin/sh
# x -- nothing
END
blank=' ' # as they stand here, lint would find them in this file
broken blanks doc/x.md 'blanks at the end' <<END
a line$blank
END
home=home
broken machine-paths doc/x.md 'a path of one machine' <<END
see /$home/ann/mayfly
END
broken allow scripts/lint.allow 'an exception without a reason' <<END
banned scripts/lint.allow
END

# unless_skipped RULE ...: as broken, where the program is there.
unless_skipped() {
	if "$lint" -r "$1" "$tmp/tree" 2>&1 | grep -q '^skipped'; then
		count=$((count + 1))
		echo "ok $count - $1 # SKIP no such program"
	else
		broken "$@"
	fi
}

unless_skipped format common/x.c 'a layout of its own' <<END
$head
int f( void ){ return 0; }
END
unless_skipped shellcheck scripts/x 'a script with a fault' <<END
#!/bin/sh
# SPDX-License-Identifier: MIT
rm -rf \$1/bin
END
