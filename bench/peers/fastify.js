// SPDX-License-Identifier: MIT
// fastify -- the peer Fastify with pg: GET /api/articles and GET /healthz.
//
// Run clustered, as Fastify's own documentation advises for all cores: WORKERS
// processes (default: one per core) share the port, each with its own pool.
// The environment says: PORT; PGHOST (a folder: its unix socket), PGPORT,
// PGUSER, PGDATABASE; WORKERS; POOL_MAX, connections per worker.
//
// Both speed-ups that the two projects offer are on: the response schema, from
// which Fastify compiles a serializer, and no logger.

import cluster from 'node:cluster';
import os from 'node:os';
import Fastify from 'fastify';
import pg from 'pg';
import { COUNT, PAGE, article, page } from './query.js';

const string = { type: 'string' };
const text = { type: ['string', 'null'] };
const integer = { type: 'integer' };
const boolean = { type: 'boolean' };

function object(properties) {
	return { type: 'object', properties };
}

const profile = object({
	username: string, bio: text, image: text, following: boolean,
});
const entry = object({
	slug: string, title: string, description: string,
	tagList: { type: 'array', items: string },
	createdAt: { type: 'string', format: 'date-time' },
	updatedAt: { type: 'string', format: 'date-time' },
	favorited: boolean, favoritesCount: integer, author: profile,
});
const list = object({
	articles: { type: 'array', items: entry },
	articlesCount: integer,
});

// PgBouncer here refuses the simple protocol, which pg takes for a statement
// without values.
const count = { text: COUNT, queryMode: 'extended' };

function serve() {
	const app = Fastify({ logger: false });
	const pool = new pg.Pool({ max: Number(process.env.POOL_MAX ?? 16) });
	const noop = { schema: { response: { 200: object({ status: string }) } } };
	const feed = { schema: { response: { 200: list } } };

	pool.on('error', (err) => console.error(`pool: ${err.message}`));
	app.get('/healthz', noop, async () => ({ status: 'ok' }));
	app.get('/api/articles', feed, async (request, reply) => {
		const values = page(request.query.limit, request.query.offset);
		if (values === undefined) {
			return reply.code(422).send(
			    { errors: { limit: ['is invalid'] } });
		}
		const { rows } = await pool.query(PAGE, values);
		const total = rows.length > 0 ? rows[0].total
			: (await pool.query(count)).rows[0].total;
		return { articles: rows.map(article), articlesCount: total };
	});
	app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
}

const workers = Number(process.env.WORKERS ?? os.availableParallelism());
if (workers > 1 && cluster.isPrimary) {
	for (let n = 0; n < workers; n++)
		cluster.fork();
	cluster.on('exit', (worker, code) => {
		console.error(`worker ${worker.process.pid} left, ${code}`);
		process.exit(1);
	});
} else {
	serve();
}
