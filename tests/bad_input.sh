# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # the variables of lib.sh
# bad_input.sh -- sourced by lib.sh.
#
#   bad_input NAME        one result: the function NAME gets, for all that its
#                         descriptor lists, what does not belong there, and the
#                         answer is always the right 4xx in the API's form, exit
#                         code 0, nothing logged, nothing stored, nothing said
#                         about the inside.  Needs db_start; comes last.
#                         The user that asks is called reader; $reader_sql is
#                         run when he is there, and gives him a role.  With
#                         $stored_once it is not asked whether each text is
#                         stored that is sent again and again.

# --- one request, and the faults of its answer ------------------------------

# try STATUSES WHAT [VAR=VALUE...]: run $name with the variables and $data.
# $data unset: no body.  $field set: the errors name it and nothing else.
try() {
	expected=$1 what=$2 requests=$((requests + 1))
	shift 2
	length=${data+${#data}}
	printf %s "${data-}" >"$tmp/in"
	bare MAYFLY_TOKEN_SECRET="$secret" \
	    REQUEST_METHOD="$method" QUERY_STRING='' PATH_INFO="$nowhere" \
	    HTTP_AUTHORIZATION="Token $token" CONTENT_TYPE=application/json \
	    CONTENT_LENGTH="$length" "$@" "$top_builddir/cgi-bin/$name" \
	    <"$tmp/in" >"$tmp/out" 2>>"$tmp/log"
	code=$?
	look_at_reply
	case " $expected " in
	*" $status "*) ;;
	*) fault "$status, not $expected: $body" ;;
	esac
	test "$code" -eq 0 || fault "exit code $code"
	case $status$body in
	200[!\{]* | 204*) ;; # not JSON: of more than the line that was read
	*) test "$said" = "${#body}" || fault "Content-Length: $said" ;;
	esac
	test "$status" -lt 400 || printf '%s\n' "$body" >>"$tmp/refusals"
	test -z "$field" || case $body in
	'{"errors":{"'"$field"'":['*']}}') ;;
	*) fault "does not name $field: $body" ;;
	esac
	case $body in
	*']','"'*) test -z "$field" || fault "names others: $body" ;;
	esac
}

# $status, $said (the length) and $body from $tmp/out; no process of its own,
# for there are thousands of replies.
look_at_reply() {
	status=0 said='' body=''
	{
		while IFS= read -r line; do
			line=${line%"$cr"}
			case $line in
			'') break ;;
			'Status: '*)
				status=${line#Status: }
				status=${status%% *}
				;;
			'Content-Length: '*) said=${line#*: } ;;
			esac
		done
		IFS= read -r body
	} <"$tmp/out"
}
cr=$(printf '\r')

fault() { echo "$what: $1" | cut -c 1-300 >>"$tmp/faults"; }

# The end of a group of requests.
group() {
	field=''
	unset data
}

# Rows of every table, and what the counters say.
rows() {
	sql "SELECT string_agg(relname || (xpath('//n/text()', query_to_xml(
	    format('SELECT count(*) AS n FROM %I', relname), true, false,
	    '')))[1]::text, ' ' ORDER BY relname) FROM pg_class
	    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace;
	    SELECT sum(n) FROM article_counter"
}

# --- what is tried ----------------------------------------------------------

# For each FN_BODY input, values that it cannot have: FIELD, WHAT and the body,
# tabs between.  good is a request as it should be.
# shellcheck disable=SC2016 # jq
wrong_members='
def is_text: .type | IN("line", "text", "name", "email", "secret");
def is_list: .items_max > 0;
def good_item: if .type == "email" then "a@b.c"
	elif .type == "int" or .type == "decimal" then .min
	elif .type == "bool" then true
	elif .type == "choice" then .choices[0]
	elif .type == "date" then "2026-11-23"
	elif .type == "time" then "2026-11-23T08:41:33Z"
	elif .type == "uuid" then "00000000-0000-7000-8000-000000000000"
	elif .type == "url" then "http://a.b/"
	else .example // ("x" * ([.min, 1] | max)) end;
def good: if is_list then [good_item] else good_item end;
. as $fn | .inputs | map(select(.in == "body")) as $inputs
| ($inputs | map({(.name): good}) | add) as $good
| $inputs[] | . as $input
| ( ( 7, -0.5, 1e300, true, false, null, {}, {"a": [1]}, [1], [null],
      [["x"]], [{}], ["x", 7], {"text": "x"}
      | select($input.type != "json")
      | select(. != null or ($input.nullable | not))
      | select(. != 7 or ($input.type | IN("int", "decimal") | not))
      | select((. != -0.5 and . != 1e300) or $input.type != "decimal")
      | select((. != true and . != false) or $input.type != "bool")
      | {what: tojson, value: .}),
    ( "x", "", "7" | select(($input | is_list) or $input.type == "int" or
	  $input.type == "bool")
      | {what: tojson, value: .}),
    ( "x", "", "2026-02-29", "2026-11-23T24:00:00Z", "javascript:alert(1)",
      "1e3", "http://a b/", "00000000-0000-7000-8000-00000000000g"
      | select($input.type | IN("date", "time", "uuid", "choice", "url",
	  "decimal")) | {what: tojson, value: .}),
    ( [] | select($input | is_list | not) | {what: "[]", value: .}),
    ( "", if $input.type == "secret" then empty
	else " ", "\t\n", "\u3000", "\u200b", "\u3164", "\u2800\u00ad" end
      | select($input.required and ($input | is_text))
      | {what: tojson, value: .}),
    ( [""], [" "], ["x", ""] | select($input | is_list)
      | {what: tojson, value: .}),
    ( "x\u0001", "\u007f.", "a\nb", "a\u0085b", "a\u2028b", "a\u202eb"
      | select($input.type | IN("line", "name", "email"))
      | {what: tojson,
	 value: (if $input | is_list then [.] else . end)}),
    ( "x", "@", "a@", "@b", "a@b@c", "a b@c", "a@b c", "a@.", "<a@b>",
      "a,b@c.d", "a\u00a0b@c.d", "a@b..c", ".a@b.c"
      | select($input.type == "email") | {what: tojson, value: .}),
    ( "a/b", "..", ".", "a;b", "a\\b", "a?b", "a#b", "a%b", "a\u200bb",
      "\u202ea", "\u0301a", "\ue000"
      | select($input.type == "name") | {what: tojson, value: .}),
    ( select(($input | is_text) and ($input | is_list | not))
      | {what: "too long", value: ("x" * ($input.max + 1))},
	{what: "too long in another script",
	 value: ("\u00fc" * ($input.max + 1))},
	(select($input.min > 1)
	 | {what: "too short", value: ("x" * ($input.min - 1))})),
    ( select($input.type == "int")
      | {what: "too low", value: ($input.min - 1)},
	(select(($input.clamp | not) and $input.max < 9e18)
	 | {what: "too high", value: ($input.max + 1)})),
    ( select($input | is_list)
      | {what: "too many",
	 value: [range($input.items_max + 1) | tostring]},
	{what: "a long one", value: ["x" * ($input.max + 1)]}),
    ( select($input.required) | {what: "left out"} )
  )
| ((if has("value") then $good + {($input.name): .value}
	else $good | del(.[$input.name]) end)
    | if $fn.body_root == null then . else {($fn.body_root): .} end) as $body
| [$input.name, .what, ($body | tojson)] | join("\t")'

wrong_members() {
	jq -r "$wrong_members" "$tmp/fn.json" >"$tmp/cases" &&
	    test -s "$tmp/cases" || fault 'no cases'
	while IFS=$tab read -r field what data; do
		try 422 "$field: $what"
	done <"$tmp/cases"
	group "$(wc -l <"$tmp/cases") members that cannot be"
}
tab=$(printf '\t')

# $json TEXT: in place of the first input, so that only the grammar is wrong.
wrong_json() {
	inner=$(jq -r '.inputs[0].name' "$tmp/fn.json")
	for data in '' ' ' '{' '}' '[' '"' '{"a"' '{"a":' '{"a":1' '{"a":1,}' \
	    '{a:1}' "{'a':1}" '{"a":01}' '{"a":+1}' '{"a":.5}' '{"a":1.}' \
	    '{"a":0x10}' NaN Infinity -Infinity '{"a":NaN}' nul tru '{"a":TRUE}' \
	    '{} {}' '{}x' '{},' '{}]' '[1,]' '[1 2]' '/* */{}' '{}//' \
	    "$(printf '\357\273\277')" "$(printf '\357\273\277{}')" \
	    '{"a":"\x41"}' '{"a":"\u12"}' '{"a":"\u12g4"}' '{"a":"\"}' \
	    "$(printf '{"a":"x\ny"}')" "$(printf '{"a":"\t"}')" \
	    "$(printf '{"a":\f1}')" "$(printf '{"a":"\001"}')" \
	    '{"a":"\u0000"}' '{"\u0000":1}' '{"a":"\ud800"}' \
	    '{"a":"\udc00"}' '{"a":"\ud800\ud800"}' '{"a":"\udfff\ud800"}' \
	    '{"a":"\ud800x"}' '{"a":"\ud83d\u0041"}' '{"a":1,"a":1}' \
	    '{"a":1,"\u0061":2}' "{\"$root\":{},\"$root\":{}}" \
	    "{\"$root\":{\"$inner\":\"a\",\"$inner\":\"b\"}}" \
	    '{"a":1e999}' '{"a":-1e999}' '{"a":9223372036854775808}' \
	    '{"a":-9223372036854775809}' "{\"a\":$(repeat 400 9)}"; do
		try 400 "$data"
	done
	group 'what is not JSON'
	for bytes in '\200' '\277' '\300\200' '\301\277' '\302' '\340\200\200' \
	    '\340\237\277' '\355\240\200' '\355\277\277' '\360\200\200\200' \
	    '\360\217\277\277' '\364\220\200\200' '\365\200\200\200' '\376' \
	    '\377' '\303(' '\342\202' '\360\237\230' 'x\300\257' \
	    '\370\210\200\200\200'; do
		# shellcheck disable=SC2059 # octal
		data=$(printf "{\"$root\":{\"$inner\":\"x$bytes\"}}") field=body
		try 400 "bytes $bytes in a value"
		# shellcheck disable=SC2059
		data=$(printf "{\"$bytes\":1}")
		try 400 "bytes $bytes in a key"
	done
	group 'what is not UTF-8'
	for data in "$(repeat 33 '[')$(repeat 33 ']')" "$(repeat 60000 '[')" \
	    "$(repeat 30000 '[' | sed 's/\[/[{"a":/g' | cut -c 1-60000)" \
	    "{\"$root\":$(repeat 32 '[')$(repeat 32 ']')}"; do
		field=body
		try 400 'depth'
		case $body in
		*deep*) ;;
		*) fault "does not say it is too deep: $body" ;;
		esac
	done
	if test "$limit" -gt 100000; then
		data=$(repeat 100000 '[')
		try 400 '100,000 levels'
	fi
	data="{\"$root\":$(repeat 31 '[')$(repeat 31 ']')}" field=$root
	try 422 '32 levels are no fault of their own'
	group 'what is nested too deeply'
	for data in '[]' '[{}]' '""' '"x"' 7 -1.5e3 true false null; do
		field=body
		try 422 "$data"
	done
	for data in '{}' '{"":{}}' "{\" $root\":{}}" "{\"x$root\":{}}"; do
		field=$root
		try 422 "$data"
	done
	for value in null '[]' '[{}]' '""' '"x"' 7 true; do
		data="{\"$root\":$value}" field=$root
		try 422 "$data"
	done
	group 'JSON of another form'
}

content_types() {
	for type in text/plain text/json multipart/form-data application/jsonx \
	    application/json-patch+json application/x-www-form-urlencoded \
	    application/ json 'application /json' '*/*' ' ' "$(repeat 9999 x)"
	do
		data='{}' field=content-type
		try 415 "type $type" CONTENT_TYPE="$type"
	done
	field=$root
	for type in '' application/json 'application/json; charset=utf-8' \
	    'application/json;charset=x' APPLICATION/JSON 'application/json '; do
		try 422 "type $type" CONTENT_TYPE="$type"
	done
	group 'types of content'
}

# The limit counts bytes, with or without a length that says so.
body_sizes() {
	data={}$(repeat $((limit - 2)) ' ')
	try "$usual" 'at the limit'
	try "$usual" 'at the limit, of no announced length' CONTENT_LENGTH=
	data="$data " field=body
	try 413 'a byte more'
	try 413 'a byte more, of no announced length' CONTENT_LENGTH=
	data='{}'
	try 413 'only said to be too long' CONTENT_LENGTH=$((limit + 1))
	try 413 'said to be endless' CONTENT_LENGTH=999999999999999999
	try 400 'longer than it is' CONTENT_LENGTH=3
	try 400 'much longer than it is' CONTENT_LENGTH="$limit"
	for length_said in -1 -9999999999 x 2x ' 2' '2 ' +2 2.0 2e0 0x2 2,2 '2;' \
	    9999999999999999999 18446744073709551618 "$(repeat 9000 9)"; do
		try 400 "a length of $length_said" CONTENT_LENGTH="$length_said"
	done
	if test -n "$root"; then
		data='{"a":1}'
		try 400 'shorter than it is' CONTENT_LENGTH=3
		try 400 'nothing, though there is a body' CONTENT_LENGTH=0
	fi
	group 'sizes of the body, and lies about them'
}

tokens() {
	now=$(date +%s)
	claims="{\"sub\":\"1\",\"sid\":\"1\",\"iat\":$((now - 99)),\"exp\":$((now + 99))}"
	past="{\"sub\":\"1\",\"sid\":\"1\",\"iat\":$((now - 99)),\"exp\":$((now - 1))}"
	hs256='{"alg":"HS256","typ":"JWT"}'
	none=$(sign_token '{"alg":"none"}' "$claims")
	# A public route does not look; an optional one does when there is one.
	refused=401 missing=$usual field=token
	data=$empty
	case $auth in
	required) missing=401 ;;
	public) refused=$usual field='' ;;
	esac
	for bad in undefined null x . .. ... a.b.c "$token$token" "$token=" \
	    "${token%?}" "${none%.*}." "$none" \
	    "$(sign_token "$hs256" "$claims" "${secret}x")" \
	    "$(sign_token "$hs256" "$past")" \
	    "$(sign_token "$hs256" "{\"sub\":\"0\",${claims#*,}")" \
	    "$(sign_token "$hs256" "{\"sub\":\"1 OR 1=1\",${claims#*,}")" \
	    "$(sign_token "$hs256" "{\"sub\":\"1\",${claims#*,*,}")" \
	    "$(sign_token "$hs256" "$(repeat 2000 '[')")" \
	    "$(printf '\377\376')" "' OR 1=1 --" "$(repeat 16000 A)"; do
		for scheme in Token Bearer; do
			try "$refused" "token $bad" \
			    HTTP_AUTHORIZATION="$scheme $bad"
		done
	done
	test "$missing" = 401 || field=''
	for bad in '' Token 'Token ' Basic 'Basic YTpi' "Digest $token" \
	    "$token" "Token$token" "$(repeat 16000 x)"; do
		try "$missing" "header $bad" HTTP_AUTHORIZATION="$bad"
	done
	group 'tokens'
}

variables() {
	data=$empty
	try "$usual" 'a header of 16 KiB' HTTP_COOKIE="$(repeat 16384 x)"
	try "$usual" 'an id of 16 KiB' HTTP_X_REQUEST_ID="$(repeat 16384 x)"
	set -- 'HTTP_A=%s%n' "HTTP_B=$(printf '\377\001\r\nX: y')" 'HTTP_C=' \
	    HTTP_X_REQUEST_ID="$(printf 'abcdefgh\r\nSet-Cookie: a=b')"
	try "$usual" 'odd bytes' "$@"
	! grep -q Set-Cookie "$tmp/out" || fault 'a header was smuggled in'
	# As many and as long as a server lets by: the environment is not read
	# into memory of ours, so CGI has no limit (FastCGI has: test-gateway).
	try "$usual" 'a header of 100 KiB' HTTP_A="$(repeat 100000 x)"
	try "$usual" 'a long path' SCRIPT_NAME="/$(repeat 100000 x)"
	try "$usual" 'a long name' "HTTP_$(repeat 9999 A)=x"
	set --
	while test $# -lt 200; do
		set -- "$@" "HTTP_X_$#=x"
	done
	try "$usual" '200 variables' "$@"
	group 'variables'
}

# Of all that is wrong, the first in this order is said.
order() {
	data='{"a":' field=method
	for bad in PUT DELETE OPTIONS TRACE get '' "$method " \
	    "$(repeat 9999 X)"; do
		test "$bad" != "$method" || continue
		try 405 "method $bad" REQUEST_METHOD="$bad" \
		    CONTENT_LENGTH=9999999 CONTENT_TYPE=x HTTP_AUTHORIZATION=
	done
	field=body
	try 413 'too large' CONTENT_LENGTH=9999999 CONTENT_TYPE=x \
	    HTTP_AUTHORIZATION=
	if test -n "$root"; then
		field=content-type
		try 415 'of another type' CONTENT_TYPE=x HTTP_AUTHORIZATION=
	fi
	if test "$auth" = required; then
		field=token
		try 401 'no token' HTTP_AUTHORIZATION=
	fi
	if test -n "$root"; then
		field=body
		try 400 'no JSON' QUERY_STRING='%zz=%zz'
	fi
	group 'faults in their order'
}

# FIELD, then values for the query that cannot be.
queries() {
	data=$empty
	for pair in 'x=%zz' '%=%' '%ff=%ff' '%00=%00' '&&&' '=' '==' '&=&' '?' \
	    "a=' OR 1=1 --" "$(printf '\377=\377')" "$(repeat 2000 '&a=1')"; do
		try "$usual" "query $pair" QUERY_STRING="$pair"
	done
	jq -r '.inputs[] | select(.in == "query") | [.name, .type, .max, .clamp,
	    .items_max] | join(" ")' "$tmp/fn.json" >"$tmp/inputs"
	while read -r field type most clamp items; do
		for bad in %zz % %f x%f %ff %00 a%00b %c0%80 %ed%a0%80 \
		    %f4%90%80%80 "$(printf '\377')" x%0ay %01 \
		    "x&$field=y"; do
			case $bad in x\&*) test "$items" = 0 || continue ;; esac
			case $type in
			text) case $bad in %01 | *%0a*) continue ;; esac ;;
			esac
			try 422 "$field=$bad" QUERY_STRING="$field=$bad"
		done
		case $type in
		int)
			set -- x 1x 1.5 1e3 0x1 +1 %201 1%20 -- 1,0 '' -1 \
			    -99999999999999999999 NaN
			test "$clamp" = true || set -- "$@" $((most + 1)) \
			    99999999999999999999 "$(repeat 5000 1)"
			;;
		*)
			# Of what has a form of its own, this is none.
			test "$most" -gt 0 || most=1
			set -- "$(repeat $((most + 1)) x)" "$(repeat 15000 x)"
			;;
		esac
		for bad in "$@"; do
			test -z "$bad" ||
			    try 422 "$field=$bad" QUERY_STRING="$field=$bad"
		done
	done <"$tmp/inputs"
	group 'queries'
}

# in_path TEXT: sets $path to what follows the fixed part of the route, with TEXT
# for each :name; 1 for those that are numbers, if there are others.
in_path() {
	path='' rest=$params
	while test "$rest" != "${rest#*:}"; do
		path=$path${rest%%:*} rest=${rest#*:}
		segment=${rest%%/*}
		rest=${rest#"$segment"}
		case " $numbers " in
		*" $segment "*) path=${path}1 ;;
		*) path=$path$1 ;;
		esac
	done
	path=$path$rest
}

# Of a path that PATH_INFO gives, which is decoded already, a percent is a
# percent.
paths() {
	data=$empty fixed=$(jq -r .path "$tmp/fn.json")
	fixed=${fixed%"$params"}
	if test -n "$params"; then
		field=path
		for bad in '' / // /a/b /a/; do
			try 404 "PATH_INFO $bad" PATH_INFO="$bad"
			try 404 "path $bad" REQUEST_URI="$fixed$bad" PATH_INFO=
		done
		for bad in "$(repeat 2000 x)" "$(printf '\377')" ' ' \
		    "$(printf '\300\200')" "$(printf 'a\nb')"; do
			in_path "$bad"
			try 404 "PATH_INFO $bad" PATH_INFO="$path"
		done
		for bad in %zz % %f %ff %20 a%00b %c0%80 %ed%a0%80 %00 x%0ay; do
			in_path "$bad"
			try 404 "path $bad" REQUEST_URI="$fixed$path?a=b" \
			    PATH_INFO=
		done
		field=''
	fi
	for bad in ....etc.passwd '%2e%2e%2f%2e%2e' "' OR 1=1 --" x; do
		in_path "$bad"
		try "$texts_are" "path $bad" PATH_INFO="$path"
	done
	group 'paths'
}

# --- SQL, which is text like any other --------------------------------------

# One a line; addresses have no spaces.
cat >"$tmp/texts" <<'EOF'
' OR 1=1 --
'; DROP TABLE article; --
"); DELETE FROM account; --
$1
$$ || pg_sleep(9) || $$
\'; SELECT pg_sleep(9); --
E'\x27' UNION SELECT password_hash FROM account
{"a",NULL}
{a,"b}
NULL
%s%n%x
%27%20OR%201=1
${jndi:ldap://x}
<script>alert(1)</script>
../../etc/passwd
--
/* */
EOF

# For each FN_BODY text a body with $text in it: its type, what is to be found
# then, and the body.
# shellcheck disable=SC2016 # jq
good_members='def is_text: .type | IN("line", "text", "name", "email", "secret");
def good: if .items_max > 0 then []
	elif .type == "email" then $unique + "@x.org"
	elif .type == "int" then .min
	elif .type == "bool" then true
	elif .type == "choice" then .choices[0]
	elif .type == "time" then "2026-11-23T08:41:33Z"
	elif .type == "secret" then $unique + "12345678"
	else .example // $unique end;
def bad: if .items_max > 0 then [$text]
	elif .type == "email"
	    then ($text | gsub("[^A-Za-z0-9$\u0027*/=?^`{|}~-]"; "")
		| if . == "" then "x" else . end) + "@x.org"
	elif .type == "name" then ($text | gsub("[/\\\\;?#%]"; "_"))
	else $text + if .type == "secret" then "12345678" else "" end end;
. as $fn | .inputs[] | . as $input
| select(.in == "body" and .pattern == null and is_text)
| ($fn.inputs | map(select(.in == "body" and
    (.name == $input.name or (.nullable | not))) | {(.name):
    (if .name == $input.name then bad else good end)}) | add) as $members
| [.type, ($members[.name] | if type == "array" then .[0] else . end),
    ($members | (if $fn.body_root == null then .
	else {($fn.body_root): .} end) | tojson)] | join("\t")'

# How often a text is a value somewhere: passwords are not.
stored() {
	psql_cluster -d "$database" -v text="$1" <<-'EOF'
		SELECT count(*) FROM (
		    SELECT to_jsonb(a) FROM account a UNION ALL
		    SELECT to_jsonb(a) FROM article a UNION ALL
		    SELECT to_jsonb(a) FROM article_tag a UNION ALL
		    SELECT to_jsonb(a) FROM comment a) AS r (row),
		    jsonb_each_text(row) AS e WHERE value = btrim(:'text');
	EOF
}

# Into what there is, so that it is stored: the article's slug follows its title.
texts_in_body() {
	jq -r --arg text "$1" --arg unique _unique_ \
	    "$good_members" "$tmp/fn.json" >"$tmp/cases" || fault 'no cases'
	while IFS=$tab read -r type want data; do
		serial=$((serial + 1))
		data=$(printf %s "$data" | sed "s/_unique_/u-$serial-u/g")
		in_path "$(sql "SELECT slug FROM article
		    WHERE author_id = $reader ORDER BY id LIMIT 1")"
		test "$texts_are" = "$usual" || path=$nowhere
		before=0
		test "$method" != POST || before=$(stored "$want")
		if test -n "${stored_once-}"; then
			try '200 201 202 204 401 403 404 422' "$want" \
			    PATH_INFO="$path"
			continue
		fi
		try '200 201 202 401 422' "$want" PATH_INFO="$path"
		case $status,$type in
		200,secret | 201,secret) continue ;;
		200,* | 201,*) ;;
		*) continue ;; # it was no such secret
		esac
		test "$(stored "$want")" -gt "$before" ||
		    fault "$want: is not stored as it is"
	done <"$tmp/cases"
}

# What has a form of its own refuses it; else what has this very tag is found,
# nothing more.
texts_in_query() {
	encoded=$(printf %s "$1" | jq -sRr @uri)
	jq -r '.inputs[] | select(.in == "query" and .type != "int")
	    | [.name, if .pattern == null and (.type | IN("line", "text",
		"name")) then 200 else 422 end] | join(" ")' \
	    "$tmp/fn.json" >"$tmp/inputs"
	while read -r input want; do
		test "$method $want" != 'DELETE 200' || want=$usual
		try "$want" "$input=$1" QUERY_STRING="$input=$encoded"
		test "$want $input" != "200 q" || continue # finds words
		test "$want" = 200 || continue
		echo "$body" | jq -e --arg text "$1" '.articles // [] |
		    all(.[]; .tagList | index([$text]))' >"$tmp/ok" ||
		    fault "$input=$1: finds more: $body"
	done <"$tmp/inputs"
}

sql_texts() {
	while IFS= read -r text; do
		field=''
		texts_in_body "$text"
		data=$empty
		texts_in_query "$text"
		in_path "$(echo "$text" | tr / .)"
		try "$texts_are" "path $text" PATH_INFO="$path"
		unset data
	done <"$tmp/texts"
	group 'SQL is text'
}

# --- every function ---------------------------------------------------------

# What the descriptor of $name says.
about() {
	"$top_builddir/cgi-bin/$name" --describe >"$tmp/fn.json"
	method=$(jq -r .method "$tmp/fn.json") auth=$(jq -r .auth "$tmp/fn.json")
	root=$(jq -r '.body_root // empty' "$tmp/fn.json")
	limit=$(jq -r .limits.body_max_bytes "$tmp/fn.json")
	params=$(jq -r '.path | capture("(?<p>/:.*)$").p' "$tmp/fn.json")
	numbers=$(jq -r '.inputs | map(select(.in == "path" and .type == "int")
	    | .name) | join(" ")' "$tmp/fn.json")
	in_path no-such-thing
	nowhere=$path
	# With a body it wants more than {}, without one it does what it can; who
	# has logged out is no user any more.
	usual=422 empty={}
	jq -e 'any(.inputs[]; .in == "body")' "$tmp/fn.json" >"$tmp/ok" ||
	    usual='200 202 204 404 409' empty=''
	test "$name" != session-logout || usual='204 401'
	# Where all of them are numbers, what is tried stands in their place.
	texts_are=$usual
	test -n "$params" && jq -e 'all(.inputs[] | select(.in == "path");
	    .type == "int")' "$tmp/fn.json" >"$tmp/ok" &&
	    numbers='' texts_are=404
}

bad_input() {
	name=$1 field='' requests=0 serial=0
	unset data
	test -n "${DATABASE_READER_URL-}" || db_start
	token=$(new_user reader)
	reader=$(sql "SELECT id FROM account WHERE username = 'reader'")
	test -z "${reader_sql-}" || sql "$reader_sql"
	fn article-create -t "$token" -d '{"article":{"title":"t",
	    "description":"d","body":"b","tagList":["c"]}}'
	: >"$tmp/faults"
	: >"$tmp/log"
	: >"$tmp/refusals"
	about
	rows_before=$(rows)
	test -z "$empty" || wrong_members
	if test -n "$root"; then
		wrong_json
		content_types
	fi
	body_sizes
	tokens
	variables
	order
	queries
	paths
	what=database
	# A POST that takes nothing is good, whatever else is sent.
	test "$method $(jq '.inputs | length' "$tmp/fn.json")" = 'POST 0' ||
	    test "$(rows)" = "$rows_before" || fault 'something was stored'
	sql_texts
	what=SQL
	test "$(sql "SELECT count(*) FROM account
	    WHERE id = $reader")" = 1 || fault 'it did something'
	look_at_refusals
	is "$(head -n 20 "$tmp/faults")" '' \
	    "$name stumbles over none of $requests requests"
}

look_at_refusals() {
	what=log
	test ! -s "$tmp/log" || fault "$(head -n 5 "$tmp/log")"
	what=refusals
	test "$(wc -l <"$tmp/refusals")" -ge 20 || fault 'they were few'
	jq -es 'all(.[]; keys == ["errors"] and (.errors | type == "object" and
	    length > 0 and all(.[]; type == "array" and length > 0 and
		all(.[]; type == "string" and length > 0))))' \
	    "$tmp/refusals" >"$tmp/ok" 2>&1 || fault 'not the form of the API'
	inside='select|insert|relation|column|constraint|postgres|sqlstate'
	inside="$inside|libpq|json_|[.][ch]:|0x[0-9a-f]|/(tmp|usr|etc|cgi-bin)"
	inside="$inside|abort|stack|OR 1=1"
	fault_lines=$(grep -iE "$inside" "$tmp/refusals" | sort -u | head -n 5)
	test -z "$fault_lines" || fault "tells of the inside: $fault_lines"
}
