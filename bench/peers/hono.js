// SPDX-License-Identifier: MIT
// hono -- the peer Hono on workerd with postgres.js: GET /api/articles and
// GET /healthz.  See workerd.capnp for how it reaches PgBouncer.
//
// A Worker may not use an I/O object of another request, so a connection
// lives as long as its request.  That is how the Workers documentation says to
// use postgres.js with Hyperdrive, and connecting to a pooler costs little.
// One connection serves the one statement; the types of the database are not
// fetched, which would be a second round trip.

import { Hono } from 'hono';
import postgres from 'postgres';
import { COUNT, PAGE, article, page } from './query.js';

const app = new Hono();

app.get('/healthz', (c) => c.json({ status: 'ok' }));

app.get('/api/articles', async (c) => {
	const values = page(c.req.query('limit'), c.req.query('offset'));
	if (values === undefined)
		return c.json({ errors: { limit: ['is invalid'] } }, 422);
	const sql = postgres(c.env.DATABASE.connectionString, {
		max: 1, prepare: false, fetch_types: false, ssl: false,
	});
	const rows = await sql.unsafe(PAGE, values);
	const total = rows.length > 0 ? rows[0].total
		: (await sql.unsafe(COUNT))[0].total;
	c.executionCtx.waitUntil(sql.end());
	return c.json({ articles: rows.map(article), articlesCount: total });
});

export default app;
