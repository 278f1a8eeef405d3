#!/bin/sh
# SPDX-License-Identifier: MIT
# sweep -- every function that there is, by its descriptor: none lets a stranger
# in, none touches what is another user's, a session that has ended writes
# nothing, and no text is SQL.
#
# What a request needs comes from the descriptor; known() says what stands for
# each :name of a path.  A function that cannot be called with that is a fault:
# add its line there.
. "${top_srcdir:-.}/tests/lib.sh"

fault() { echo "$name: $*" | cut -c 1-300 >>"$tmp/faults"; }
judge() {
	is "$(head -n 20 "$tmp/faults")" '' "$1"
	: >"$tmp/faults"
}

# known PATH NAME: what is ann's, by the path up to :NAME.
known() {
	case $1:$2 in
	*/articles/:slug) echo "$slug" ;;
	*/profiles/:username | */users/:username) echo ann ;;
	*/feeds/:format) echo json ;;
	*/sessions/:id) sql "SELECT min(id) FROM session
	    WHERE account_id = $ann_id" ;;
	*/reports/:id) sql 'SELECT min(id) FROM report' ;;
	*/comments/:id) sql "SELECT min(id) FROM comment WHERE author_id = $ann_id" ;;
	*) return 1 ;;
	esac
}

# A body of good values, from the descriptor; $text for each text.
# shellcheck disable=SC2016 # jq
good_body='def good: if .type == "email" then "x" + $serial + "@x.org"
	elif .type == "int" or .type == "decimal" then .min
	elif .type == "bool" then true
	elif .type == "choice" then .choices[0]
	elif .type == "date" then "2026-11-23"
	elif .type == "time" then "2026-11-23T08:41:33Z"
	elif .type == "uuid" then "00000000-0000-7000-8000-000000000000"
	elif .type == "url" then "http://a.b/"
	elif .type == "name" then "n" + $serial
	elif .type == "secret" then "correct horse " + $serial
	else .example // "text " + $serial end;
. as $fn | .inputs | map(select(.in == "body")
    | {(.name): (if .items_max > 0 then [good] else good end)}) | add // {}
| if $fn.body_root == null then . else {($fn.body_root): .} end'

# about FUNCTION: sets $name, $method, $auth, $path and $good (the body, or
# nothing).
about() {
	name=$1 serial=$((serial + 1)) good=''
	"$top_builddir/cgi-bin/$name" --describe >"$tmp/fn.json" || {
		fault 'does not describe itself'
		return 1
	}
	method=$(jq -r .method "$tmp/fn.json") auth=$(jq -r .auth "$tmp/fn.json")
	path=$(jq -r .path "$tmp/fn.json")
	while test "$path" != "${path#*:}"; do
		param=${path#*:} param=${param%%/*}
		value=$(known "${path%%:*}" "$param") || {
			fault "nobody knows what :$param is: see known()"
			return 1
		}
		path=${path%%:*}$value${path#*:"$param"}
	done
	test "$(jq '.inputs | any(.in == "body")' "$tmp/fn.json")" = false ||
	    good=$(jq -c --arg serial "$serial" "$good_body" "$tmp/fn.json")
}

# call [TOKEN [QUERY]]
call() {
	fn "$name" -m "$method" ${1:+-t "$1"} ${2:+-q "$2"} \
	    -e "REQUEST_URI=$path" ${good:+-d "$good"}
	test "$code" = 0 || fault "exit code $code"
	case $status in 5*) fault "$status $body $(logged)" ;; esac
}

log_in() { # NAME: prints a token
	fn user-login -d '{"user":{"email":"'"$1"\
'@example.org","password":"correct horse"}}'
	json .user.token
}

refused() { # WORD: the last call was, with 401
	test "$status $body" = "401 {\"errors\":{\"token\":[\"$1\"]}}" ||
	    fault "token $1: $status $body"
}

# Everything, and everything that is of one user, by the columns that say so;
# but what others do to it by right: counts.
everything() { sql "SELECT everything(NULL)"; }
of_ann() { sql "SELECT everything($ann_id)"; }

db_start
sql "CREATE FUNCTION everything(owner bigint) RETURNS text
    LANGUAGE plpgsql AS \$\$
DECLARE
	one record;
	sum text;
	all_sums text := '';
BEGIN
	FOR one IN SELECT c.relname, string_agg(quote_ident(attname) || ' = ' ||
		owner, ' OR ') AS mine
	    FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid
	    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
	    AND (owner IS NULL AND attnum = 1 OR attname IN ('author_id',
		'account_id', 'follower_id', 'reporter_id',
		'blocker_id') OR
		relname = 'account' AND attname = 'id')
	    GROUP BY relname ORDER BY relname
	LOOP
		EXECUTE format('SELECT md5(string_agg(row, '''' ORDER BY row))
		    FROM (SELECT (to_jsonb(t) - ARRAY[''favorites_count'',
		    ''comments_count'', ''articles_count'', ''used_at''])::text
		    AS row FROM %I t WHERE %s) AS rows', one.relname,
		    CASE WHEN owner IS NULL THEN 'true' ELSE one.mine END)
		    INTO sum;
		all_sums := all_sums || one.relname || ' ' ||
		    coalesce(sum, '-') || E'\\n';
	END LOOP;
	RETURN all_sums;
END \$\$"
: >"$tmp/faults"
serial=0
ann=$(new_user ann)
bob=$(new_user bob)
gone=$(new_user gone)
sql "UPDATE session SET ended_at = now() WHERE account_id =
    (SELECT id FROM account WHERE username = 'gone')"
ann_id=$(sql "SELECT id FROM account WHERE username = 'ann'")
fn article-create -t "$ann" -d '{"article":{"title":"t","description":"d",
    "body":"b","tagList":["c"]}}'
slug=$(json .article.slug)
fn comment-create -t "$ann" -p "/$slug/comments" -d '{"comment":{"body":"c"}}'
fn article-favorite -m POST -t "$ann" -p "/$slug/favorite"
fn comment-report -m POST -t "$bob" -p "/$slug/comments/1/reports" \
    -d '{"report":{"reason":"spam"}}'
functions=$(cd "$top_builddir/cgi-bin" &&
    find . -type f -perm -u+x | sed 's|^./||' | sort)
plan 6
ok "there are functions: $(echo "$functions" | wc -l)" \
    test "$(echo "$functions" | wc -l)" -ge 20

# --- who may ----------------------------------------------------------------

for function in $functions; do
	about "$function" || continue
	before=$(everything)
	if test "$auth" = required; then
		call
		refused 'is missing'
	fi
	if test "$auth" != public; then
		call junk
		refused 'is invalid'
		call "$gone"
		refused 'is invalid'
	fi
	test "$(everything)" = "$before" || fault 'a refused request wrote'
done
judge 'no stranger, no junk and no session that has ended gets in, or writes'

# --- whose it is ------------------------------------------------------------

# Bob asks for what is ann's, before ann does; in a new session, since some end
# his.  Those that want a secret, which he has not, refuse it.
before=$(of_ann)
for function in $functions; do
	bob=$(log_in bob)
	about "$function" || continue
	call "$bob"
	case $status:$name in
	422:email-verify | 422:password-reset-confirm | 422:password-update | \
	    422:user-delete) ;;
	404:session-delete) ;; # whose others are, nobody learns
	400:* | 404:* | 405:* | 415:* | 422:*) fault "cannot be called: $status $body" ;;
	esac
	test "$(of_ann)" = "$before" || fault "$status: ann has other rows now"
	before=$(of_ann)
done
judge 'nobody changes what is of another'

# --- what is no SQL ---------------------------------------------------------

cat >"$tmp/texts" <<'END'
' OR 1=1 --
' OR ''='
'; DELETE FROM article; --
") OR true --
$1
\' OR 1=1 --
%
_
a' UNION SELECT password_hash FROM account --
END
printf '\377\n\300\257\n\355\240\200\nx\360\217\277\277\n' >>"$tmp/texts"

# What was found, without what a feed says of itself.
found() { printf '%s\n' "$body" | jq -c 'del(.title?, .feed_url?,
    .home_page_url?)'; }

# Each text of a query finds what a text finds that nobody has.
before=$(everything)
for function in $functions; do
	about "$function" && test "$method" = GET || continue
	jq -r '.inputs[] | select(.in == "query" and .pattern == null and
	    (.type | IN("line", "text", "name"))) | .name' "$tmp/fn.json" \
	    >"$tmp/inputs"
	while read -r input; do
		call "$ann" "$input=nobody-has-this"
		nothing=$status$(found)
		while IFS= read -r text; do
			call "$ann" "$input=$(printf %s "$text" |
			    od -An -v -tx1 | tr -d '\n' | tr ' ' %)"
			test "$status" = 422 || test "$status$(found)" = "$nothing" ||
			    fault "$input=$text: $body"
		done <"$tmp/texts"
	done <"$tmp/inputs"
done
test "$(everything)" = "$before" || fault 'a query changed something'
judge 'a filter that is SQL finds what any other text does'

# In a path, of every method; as ann, who might delete what there is.
for function in $functions; do
	about "$function" || continue
	grep -q '"in":"path"' "$tmp/fn.json" || continue
	before=$(everything)
	while IFS= read -r text; do
		path=$(jq -r .path "$tmp/fn.json" | sed "s/:[a-z_]*/@/")
		path=${path%%@*}$(printf %s "$text" | od -An -v -tx1 |
		    tr -d '\n' | tr ' ' %)${path#*@}
		path=$(echo "$path" | sed 's/:[a-z_]*/1/g')
		call "$ann"
		case $status in
		403 | 404) ;;
		*) fault "$path: $status $body" ;;
		esac
	done <"$tmp/texts"
	test "$(everything)" = "$before" || fault 'a path changed something'
done
judge 'a path that is SQL is no path'

# In a body: it is stored as it is, or refused, and nothing else happens.
for function in $functions; do
	about "$function" && test -n "$good" || continue
	texts=$(jq -r '.inputs[] | select(.in == "body" and .items_max == 0 and
	    (.type | IN("line", "text", "name", "email"))) | .name' "$tmp/fn.json")
	root=$(jq -r '.body_root // empty' "$tmp/fn.json")
	kept=$good
	for input in $texts; do
		before=$(of_ann)
		rows=$(sql 'SELECT count(*) FROM account, article')
		while IFS= read -r text; do
			printf %s "$text" | iconv -f UTF-8 >"$tmp/ok" 2>&1 || {
				good=$(printf %s "$kept" | jq -c --arg r "$root" \
				    --arg i "$input" \
				    'if $r == "" then .[$i] = "@@" else
					.[$r][$i] = "@@" end')
				good=${good%%@@*}$text${good#*@@}
				call "$bob"
				test "$status" = 400 || test "$status" = 401 ||
				    fault "$input: bytes: $status $body"
				continue
			}
			good=$(printf %s "$kept" | jq -c --arg r "$root" \
			    --arg i "$input" --arg t "$text" \
			    'if $r == "" then .[$i] = $t else
				.[$r][$i] = $t end')
			call "$bob"
		done <"$tmp/texts"
		test "$(of_ann)" = "$before" || fault "$input: ann has changed"
		test "$(sql 'SELECT count(*) FROM account, article')" -ge "$rows" ||
		    fault "$input: rows have gone"
	done
done
judge 'a body that is SQL is text'
