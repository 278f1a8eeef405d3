#!/bin/sh
# SPDX-License-Identifier: MIT
# Every fuzz harness accepts its whole corpus: no crash, no broken promise.
. "${top_srcdir:-.}/tests/lib.sh"

plan "$(find "$top/fuzz" -name 'fuzz-*.c' | wc -l)"
for harness in "$top"/fuzz/fuzz-*.c; do
	name=$(basename "$harness" .c)
	ok "$name: $(find "$top/fuzz/corpus/${name#fuzz-}" -type f | wc -l) files" \
	    "$top_builddir/fuzz/$name" "$top/fuzz/corpus/${name#fuzz-}"
done
