// SPDX-License-Identifier: MIT
// hono-routes -- the routes of blog.js and GET /healthz on Hono, for both ways
// to hold a connection: hono.js and hono-pool.js.

import { Hono } from 'hono';
import { verify } from 'hono/jwt';
import { blog, token } from './blog.js';
import { separate } from './query.js';

// How postgres.js is used in both: no named statements, which PgBouncer 1.18
// does not have; no look-up of the database's types, a round trip more.
export const OPTIONS = { prepare: false, fetch_types: false, ssl: false };

// postgres.js asks for the types of parameters first, one round trip more.
// Where all of them are numbers they go into the text, which blog.js has
// checked or a token has said, and it sends and runs the statement in one:
// measured at a seventh less CPU time.  simple: false, since PgBouncer here
// refuses the simple protocol.
export async function rowsOf(sql, name, values) {
	const plain = values.every((value) => /^[0-9]+$/.test(value));
	const text = separate[name].replace(/\$([0-9])/g,
	    (place, n) => plain ? values[n - 1] : place);
	return [...await sql.unsafe(text, plain ? [] : values,
	    { simple: false })];
}

// query(context, name, values) -> rows; end(context) after the answer.
export function routes(query, end) {
	const app = new Hono();
	const answer = async (c, handle) => {
		try {
			const { status, body } = await handle(blog(
			    (name, values) => query(c, name, values), false));
			return c.json(body, status);
		} finally {
			end?.(c);
		}
	};
	const page = (c) => [c.req.query('limit'), c.req.query('offset')];
	const claims = async (c) => {
		try {
			return await verify(token(c.req.header('Authorization')),
			    c.env.TOKEN_SECRET, 'HS256');
		} catch {
			return undefined;
		}
	};

	app.get('/healthz', (c) => c.json({ status: 'ok' }));
	app.get('/api/articles', (c) => answer(c,
	    (to) => to.list(...page(c))));
	app.get('/api/articles/feed', (c) => answer(c,
	    async (to) => to.feed(await claims(c), ...page(c))));
	app.get('/api/articles/:slug', (c) => answer(c,
	    (to) => to.article(c.req.param('slug'))));
	app.post('/api/articles/:slug/favorite', (c) => answer(c,
	    async (to) => to.favorite(await claims(c), c.req.param('slug'))));
	app.delete('/api/articles/:slug/favorite', (c) => answer(c,
	    async (to) => to.unfavorite(await claims(c),
		c.req.param('slug'))));
	return app;
}
