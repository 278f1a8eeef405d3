#!/bin/sh
# SPDX-License-Identifier: MIT
# Columns of every type as JSON and as text: what PostgreSQL's to_json() and
# ::text make of the same, but for what doc/columns.md says, done here by jq and
# in SQL: times have six decimals, and Z for +00:00; bytea is base64.
. "${top_srcdir:-.}/tests/lib.sh"

# psql_utc: SQL from standard input.
psql_utc() { PGTZ=UTC psql_cluster -d "$database"; }

# PostgreSQL's rows with bytea and times as ours.
# shellcheck disable=SC2016 # jq
as_ours='def time: if type == "array" then map(time)
    elif type == "string" and test(":") then
	capture("^(?<a>[^.+ ]*)(\\.(?<f>[0-9]+))?(?<z>\\+00:00)?(?<bc> BC)?$")
	| .a + "." + ((.f // "") + "000000")[0:6]
	+ (if .z then "Z" else "" end) + (.bc // "")
    else . end;
    map(.[0] as $row | $row + .[1] | if $row.bys == null then .bys = null else . end)
    | map(.tm |= time | .ts |= time | .tz |= time | .zz |= time)'

db_start
plan 28
psql_utc <<'END' || exit 99
CREATE TABLE test_type (id integer, b boolean, i2 smallint, i4 integer,
    i8 bigint, f4 real, f8 double precision, n numeric, t text, v varchar(9),
    c char(4), nm name, u uuid, d date, tm time, ts timestamp, tz timestamptz,
    j json, jb jsonb, by bytea, tt text[], vv varchar(9)[], ii2 smallint[],
    ii4 integer[], ii8 bigint[], uu uuid[], ff double precision[],
    bb boolean[], nn numeric[], zz timestamptz[], jj jsonb[], bys bytea[]);
GRANT SELECT ON test_type TO :"reader";
INSERT INTO test_type VALUES
(1, true, 1, 2, 3, 0.5, 0.1, 1.50, 'text', 'varchar', 'ab', 'name',
    'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '2026-11-23', '08:41:33.5',
    '2026-11-23 08:41:33.123456', '2026-11-23 08:41:33+01', '{"a" : [1, null]}',
    '{"a" : [1, "ü"]}', '\x666f6f62', '{a,"b c",NULL,"ü\"\\"}', '{x,y}',
    '{1,NULL,-1}', '{2,3}', '{4,NULL}',
    '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11,NULL}', '{0.1,NaN,NULL}',
    '{t,f,NULL}', '{1.50,NULL,NaN,-0.001}',
    '{2026-11-23 08:41:33.12+00,infinity}',
    ARRAY['{"k":1}', NULL, '"s"']::jsonb[], '{"\\x00",NULL}'),
(2, false, 32767, 2147483647, 9223372036854775807, 3.4028235e38,
    1.7976931348623157e308, 99999999999999999999.99999999990,
    E'quote " back \\ line\ntab\tbell\x07 ü 😀', '', '', '',
    'ffffffff-ffff-ffff-ffff-ffffffffffff', '5874897-12-31', '24:00',
    '294276-12-31 23:59:59.999999', '294276-12-31 23:59:59.999999+00',
    '[]', '[]', '', '{}', '{}', '{32767}', '{2147483647}',
    '{9223372036854775807}', '{}', '{1.7976931348623157e308}', '{}',
    '{1e40}', '{294276-12-31 23:59:59.999999+00}', '{}', '{}'),
(3, false, -32768, -2147483648, -9223372036854775808, -1e-45, 5e-324,
    -1e-30, ' ', 'x', 'abcd', repeat('n', 63), NULL, '4713-01-01 BC', '00:00',
    '4713-01-01 BC', '0044-03-15 12:00:00+00 BC', '"s"', '1e2', '\xfbff',
    '[5:6]={a,b}', NULL, '{-32768}', '{-2147483648}',
    '{-9223372036854775808}', NULL, '{5e-324,-0}', NULL, '{1e-40}', NULL,
    NULL, NULL);
INSERT INTO test_type (id, b, i2, i4, i8, f4, f8, n, t, v, c, nm, u, d, tm, ts,
    tz, j, jb, by) VALUES
(4, NULL, 0, 0, 0, 'NaN', '-Infinity', 'NaN', '', NULL, NULL, NULL, NULL,
    'infinity', NULL, 'infinity', '-infinity', 'null', 'null', NULL),
(5, NULL, 0, 0, 0, 'Infinity', '-0', '-Infinity', '', NULL, NULL, NULL, NULL,
    '-infinity', NULL, '-infinity', 'infinity', '0', 'true', NULL),
(6, NULL, 0, 0, 0, 0.1, 123456789012345680, 0.00, '', NULL, NULL, NULL, NULL,
    '0001-01-01', NULL, '0001-01-01', '9999-12-31 23:59:59+00', '{}', '{}', NULL);
INSERT INTO test_type (id) VALUES (7);
END

# --- as JSON ----------------------------------------------------------------

fn ../tests/fn/types
is "$status" 200 'rows of every type'
is "$(cat "$tmp/log")" '' 'and nothing is logged'
psql_utc >"$tmp/want.json" <<'END'
SELECT json_agg(json_build_array(to_json(test_type), json_build_object('by',
    encode(by, 'base64'), 'bys', ARRAY(SELECT encode(one, 'base64')
    FROM unnest(bys) AS one))) ORDER BY id) FROM test_type
END
jq -S "$as_ours" "$tmp/want.json" >"$tmp/want"
printf '%s\n' "$body" | jq -S .rows >"$tmp/got"
is "$(diff "$tmp/want" "$tmp/got")" '' "all are what to_json() makes of them"
ok "which are many: $(wc -l <"$tmp/want") lines" \
    test "$(wc -l <"$tmp/want")" -gt 200
is "$(json .first)" "$(json '.rows[0]')" 'one row by itself is the same'
# jq's numbers are double: digits are compared before it reads them.
is "$(printf '%s\n' "$body" | grep -oE '"n":[^,]*' | tail -n 7 | tr '\n' ' ')" \
    '"n":1.50 "n":99999999999999999999.99999999990 '\
'"n":-0.000000000000000000000000000001 "n":"NaN" "n":"-Infinity" "n":0.00 '\
'"n":null ' 'numeric has all its digits'
is "$(printf '%s\n' "$body" | grep -oE '"i8":[^,]*' | tail -n 7 | head -n 3 |
    tr '\n' ' ')" \
    '"i8":3 "i8":9223372036854775807 "i8":-9223372036854775808 ' 'so has int8'

# --- as text ----------------------------------------------------------------

fn ../tests/fn/types -q how=1
psql_utc >"$tmp/want.json" <<'END'
SELECT json_agg(json_build_object('b', b::text, 'i2', i2::text, 'i4', i4::text,
    'i8', i8::text, 'n', n::text, 't', t, 'v', v, 'nm', nm, 'u', u::text, 'd',
    d::text, 'j', j::text, 'jb', jb::text, 'nn', to_json(nn)::text, 'tt',
    to_json(tt)::text, 'by', encode(by, 'base64')) ORDER BY id) FROM test_type
END
jq -S . "$tmp/want.json" >"$tmp/want"
printf '%s\n' "$body" | jq -S '.texts | map(del(.tz, .f8))' >"$tmp/got"
is "$(diff "$tmp/want" "$tmp/got")" '' 'texts are what ::text makes of them'
is "$(json '.texts | map(.tz) | .[:5] | join("|")')" \
    '2026-11-23T07:41:33.000000Z|294276-12-31T23:59:59.999999Z|'\
'0044-03-15T12:00:00.000000Z BC|-infinity|infinity' 'a time as in JSON'
is "$(json '.texts | map(.f8 // "none") | join(" ")')" \
    '0.1 1.7976931348623157e+308 5e-324 -Infinity -0 1.2345678901234568e+17 none' \
    'a float as in JSON'

# --- the rest ---------------------------------------------------------------

fn ../tests/fn/types -q how=2
is "$body" '{"f4":500,"f8":100,"ii2":[1,null,-1],"ii4":[2,3],"ii8":[4,null],'\
'"null":false,"none":true}' 'numbers, and whether it is NULL'
fn ../tests/fn/types -q how=3
is "$body" '{"rows":[{"say \"hi\" \\ there":1,"two\nlines":true,"schön":"x"}]}' \
    'names are escaped'
fn ../tests/fn/types -q how=4
is "$status $body" '200 {"refused":true,"row":null,"rows":[],"text":null,'\
'"null":true,"float":0,"ints":[]}' 'after a failure there is nothing'

fn ../tests/fn/types -q how=1048572
is "$body" '{"bytes":1048576}' 'an array as text of 1 MiB'

while IFS='|' read -r how why; do
	fn ../tests/fn/types -q "how=$how"
	is "$code$status" 134 "how=$how is a bug: it aborts"
	like "$(logged)" "^bug: [a-z_]*\.c:[0-9]+: $why\$" 'the log says which'
done <<'END'
5|types.point: column place is of type 600, which has no form in JSON; cast it: place::text
6|types.point: column place is of type 600, which has no form in JSON; cast it: place::text
7|types.square: column square is no value of type 1007 of one dimension
8|types.twice: row 1 of 1
9|types.twice: two columns are called id; name one with AS
1048573|types.long-list: column list is larger than 1048576 bytes as a text
END

# The table in base/pg_value.c, as OID NAME ARRAY'S-OID.
sed -nE 's|JSONB|3802|; s|^    \{([0-9]+), .*/\* (.*) \*/.*|\1 \2|p
    s|^    LIST\(([0-9]+), ([0-9A-Z]+)\).*|\2 array \1|p' \
    "$top/base/pg_value.c" | sed 's/^JSONB/3802/' | sort >"$tmp/table"
oids=$(cut -d ' ' -f 1 "$tmp/table" | sort -u | paste -s -d ,)
psql_cluster -d "$database" -F ' ' -c "SELECT oid, typname FROM pg_type
    WHERE oid IN ($oids) UNION ALL SELECT oid, 'array ' || typarray
    FROM pg_type WHERE oid IN ($oids)" | sort >"$tmp/pg_type"
is "$(diff "$tmp/pg_type" "$tmp/table")" '' \
    "the $(wc -l <"$tmp/table") types are those of pg_type, arrays and all"
# shellcheck disable=SC2016 # backquotes are backquotes
is "$(cut -d ' ' -f 2 "$tmp/table" | grep -v '^array$' | sort)" \
    "$(sed -n 's/^| \(`[^|]*`\) | .*/\1/p' "$top/doc/columns.md" |
	sed 's/`//g; s/, /\n/g' | sort)" 'and those of doc/columns.md'
