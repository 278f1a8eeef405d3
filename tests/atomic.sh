#!/bin/sh
# SPDX-License-Identifier: MIT
# Several statements as one: .atomic and db_all(), and each way in which they
# can fail.  Whatever is not answered 2xx has stored nothing.  Here by text;
# with prepared names, and one that is unknown: tests/stack-atomic.sh.
. "${top_srcdir:-.}/tests/lib.sh"

# ask FUNCTION HOW: sets $said ("STATUS BODY") and $stored, and empties the table.
ask() {
	fn "../tests/fn/$1" -m POST -q "how=$2"
	said="$status $body" stored=$(sql 'SELECT count(*) FROM test_pair')
	sql 'DELETE FROM test_pair'
}

conflict='409 {"errors":{"request":["conflicts with what is stored"]}}'
key='409 {"errors":{"id":["test_pair_pkey"]}}'
failed='500 {"errors":{"server":["failed"]}}'

db_start
pair_table sql
plan 30

ask atomic 0
is "$said $stored" '201 {"ran":1} 2' 'atomic: both rows'
ask atomic 1
is "$said $stored" "$key 0" 'the second is taken: neither'
is "$(cat "$tmp/log")" '' 'which is no error of ours'
ask atomic 2
is "$said $stored" "$conflict 0" 'nobody asks: the library says so'
ask atomic 3
is "$said $stored" "$conflict 0" 'the commit fails: neither'
ask atomic 4
is "$said $stored" '403 {"errors":{"how":["is 4"]}} 0' \
    'the handler refuses: nothing is kept'
ask atomic 5
is "$code$stored" 1340 'it dies: nothing is kept'
like "$(logged)" '^bug: atomic.c:[0-9]+: as asked for$' \
    'and the log says where and why'
ask atomic 6
is "$said $stored" "$failed 0" 'a 201 on top of a refusal is not believed'
like "$(logged)" 'commit: was a rollback$' \
    'the log says what became of it'

ask together 0
is "$said $stored" '201 {"ids":[1,2,3]} 3' 'together: all rows'
ask together 1
is "$said $stored" "$key 0" 'the last is taken: none'
ask together 2
is "$said $stored" '409 {"errors":{"id":["test_pair_other"]}} 0' \
    'each was good and the commit fails: none'
ask together 3
is "$said $stored" "$conflict 0" 'nobody asks: the library says so'
is "$(cat "$tmp/log")" '' 'none of it is an error of ours'
ask together 4
is "$said $stored" "$failed 0" 'a wrong count of arguments is our 500'
is "$(logged)" \
    'database: together.insert: takes 2 arguments, not 1' 'and the log says so'
ask together 5
is "$said $stored" "$failed 0" 'so is a statement that is not listed'
like "$(logged)" 'stray: is not in the descriptor' \
    'and the log says which'

# One by one: no refusal hides another.
ask together 6
is "$said" "$conflict" 'a refusal that nobody asks about is not forgotten'
ask together 7
is "$said" "$key" 'each refusal keeps the name of its own constraint'
ask together 8
is "$said $stored" '409 {"errors":{"id":["test_pair_other"]}} 0' \
    'one alone was good and its commit fails: refused'

# The server dies at the commit, when each statement has been good: nothing was
# promised, and nothing is stored.
sql "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
    'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'"
sql 'CREATE CONSTRAINT TRIGGER die AFTER INSERT ON test_pair
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()'
down='503 {"errors":{"database":["is not available, try again"]}}'
for function in together atomic; do
	ask "$function" 0
	is "$said $stored" "$down 0" "$function: the server dies at the commit"
done
ask together 9
is "$said $stored" "$down 0" 'one alone: the server dies at its commit'
sql 'DROP TRIGGER die ON test_pair'

# What a function may ask for follows its descriptor.
fn ../tests/fn/slow -q 'ms=0&times=100'
is "$status $body" '200 {"slept":100}' 'a hundred queries in a request'
fn ../tests/fn/slow -q 'ms=0&times=101'
is "$code$status" 134 'one more is a bug'
like "$(logged)" 'more than 100 queries .*limits.queries' \
    'which is said'
fn ../tests/fn/slow -q 'ms=3000'
is "$status $body" '200 {"slept":1}' "a query longer than the role's time-out"
fn ../tests/fn/slow -q 'ms=6000'
is "$status" 503 'but not than its own'
