# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154 # variables of tests and of lib.sh
# moderation_lib.sh -- sourced by the tests of comments and moderation.
#
#   cast                  the tokens $ann, who has written the article $slug,
#                         $bob, $mod and $adm, a moderator and an admin, who are
#                         called so.  Needs db_start
#   say TOKEN TEXT [PARENT]    comment on $slug; sets $id
#   go NAME METHOD TOKEN PATH [BODY]     run a function; sets $status, $body
#   refusal               the status, and what the errors name and say
#   asked_by_moderator    for bad_input, which follows it
#   recount               what the counters say that a recount does not

cast() {
	ann=$(new_user ann) bob=$(new_user bob)
	mod=$(new_user mod) adm=$(new_user adm)
	sql "UPDATE account SET role = 'moderator' WHERE username = 'mod';
	    UPDATE account SET role = 'admin' WHERE username = 'adm'"
	slug=$(new_article one)
}

# new_article TITLE: by ann, with tags; prints its slug.
new_article() {
	fn article-create -t "$ann" -d "{\"article\":{\"title\":\"$1\",
	    \"description\":\"d\",\"body\":\"b\",\"tagList\":[\"x\",\"$1\"]}}"
	json .article.slug
}

say() {
	fn comment-create -t "$1" -p "/$slug/comments" \
	    -d "{\"comment\":{\"body\":\"$2\",\"parentId\":${3-null}}}"
	id=$(json .comment.id)
}

go() {
	fn "$1" -m "$2" ${3:+-t "$3"} -p "$4" ${5:+-d "$5"}
}

refusal() {
	echo "$status $(json '.errors | to_entries[] |
	    "\(.key): \(.value | join(", "))"')"
}

asked_by_moderator() {
	reader_sql="UPDATE account SET role = 'moderator'
	    WHERE username = 'reader'"
	stored_once=yes
}

recount() {
	sql "SELECT 'favorites', slug FROM article a WHERE favorites_count <>
		(SELECT count(*) FROM favorite WHERE article_id = a.id);
	    SELECT 'comments', slug FROM article a WHERE comments_count <>
		(SELECT count(*) FROM comment WHERE article_id = a.id
		AND hidden_at IS NULL);
	    SELECT 'articles', username FROM account a WHERE articles_count <>
		(SELECT count(*) FROM article WHERE author_id = a.id
		AND listed_at <= now());
	    SELECT 'tag', * FROM (SELECT tag, count(*) FROM article_tag
		WHERE listed_at <= now() GROUP BY tag) t
		FULL JOIN tag USING (tag)
		WHERE count IS DISTINCT FROM articles_count;
	    SELECT 'tags of', slug FROM article a WHERE listed_at IS NOT NULL
		AND ARRAY(SELECT DISTINCT t FROM unnest(tag_list) AS t
			ORDER BY t) <>
		ARRAY(SELECT tag FROM article_tag WHERE article_id = a.id
			AND listed_at = a.listed_at ORDER BY tag);
	    SELECT 'favorite of', slug FROM article a JOIN favorite f
		ON article_id = a.id
		WHERE f.listed_at IS DISTINCT FROM a.listed_at;
	    SELECT 'all', sum(n) FROM article_counter HAVING sum(n) <>
		(SELECT count(*) FROM article WHERE listed_at <= now())"
}
