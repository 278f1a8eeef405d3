// SPDX-License-Identifier: MIT
// blog -- what the peers' routes do, whatever server is around them.
//
// Each answers { status, body }.  ask(name, values) runs a statement of query.js
// and returns its rows; claims are those of a token that has been checked, {
// sub, sid }, or undefined; oneTrip: whether ask() has the statements
// withSession. The public routes are for strangers: they look at no token.

const unauthorized = { status: 401, body: { errors: { token: ['is invalid'] } } };
const notFound = { status: 404, body: { errors: { article: ['not found'] } } };

// The number in text, or otherwise when there is none; undefined for anything
// that is not a whole number from min to max.
function whole(text, otherwise, min, max) {
	if (text === undefined || text === null)
		return otherwise;
	const n = Number(text);
	return /^[0-9]{1,10}$/.test(text) && n >= min && n <= max
		? n : undefined;
}

// [limit, offset] from the query string's two texts, or undefined.
function place(limit, offset) {
	const l = whole(limit, 20, 1, 100);
	const o = whole(offset, 0, 0, 10000);
	return l === undefined || o === undefined ? undefined : [l, o];
}

const invalid = { status: 422, body: { errors: { limit: ['is invalid'] } } };

// One row as RealWorld wants an article; in a list it has no body.
function article(row) {
	return {
		slug: row.slug,
		title: row.title,
		description: row.description,
		...(row.body !== undefined && { body: row.body }),
		tagList: row.tag_list,
		createdAt: row.created_at,
		updatedAt: row.updated_at,
		favorited: row.favorited ?? false,
		favoritesCount: row.favorites_count + (row.change ?? 0),
		author: {
			username: row.username,
			bio: row.bio,
			image: row.image,
			following: row.following ?? false,
		},
	};
}

function page(rows) {
	const articles = rows[0].slug === null ? [] : rows.map(article);
	return { status: 200, body: { articles, articlesCount: rows[0].total } };
}

export function blog(ask, oneTrip) {
	const live = async (claims) => (await ask('session',
	    [claims.sid, claims.sub]))[0].live;

	async function change(name, claims, slug) {
		if (claims === undefined || (!oneTrip && !await live(claims)))
			return unauthorized;
		const rows = await ask(name, oneTrip
			? [slug, claims.sub, claims.sid] : [slug, claims.sub]);
		if (rows.length > 0)
			return { status: 200, body: { article: article(rows[0]) } };
		return oneTrip && !await live(claims) ? unauthorized : notFound;
	}

	return {
		async list(limit, offset) {
			const values = place(limit, offset);
			return values === undefined ? invalid
				: page(await ask('list', values));
		},
		async article(slug) {
			const rows = await ask('article', [slug]);
			return rows.length === 0 ? notFound
				: { status: 200, body: { article: article(rows[0]) } };
		},
		async feed(claims, limit, offset) {
			const values = place(limit, offset);
			if (claims === undefined)
				return unauthorized;
			if (values === undefined)
				return invalid;
			if (!oneTrip && !await live(claims))
				return unauthorized;
			const rows = await ask('feed', oneTrip
				? [...values, claims.sub, claims.sid]
				: [...values, claims.sub]);
			return oneTrip && !rows[0].live ? unauthorized : page(rows);
		},
		favorite: (claims, slug) => change('favorite', claims, slug),
		unfavorite: (claims, slug) => change('unfavorite', claims, slug),
	};
}

// The token in a header "Authorization: Token ...", or undefined.
export function token(header) {
	return header?.startsWith('Token ') ? header.slice(6) : undefined;
}
