// SPDX-License-Identifier: MIT
// fastify -- the peer Fastify with pg: the routes of blog.js and GET /healthz.
//
// Run clustered, as Fastify's own documentation advises for all cores: WORKERS
// processes (default: one per core) share the port, each with its own pool. The
// environment says: PORT; PGHOST (a folder: its unix socket), PGPORT, PGUSER,
// PGDATABASE, PGOPTIONS; WORKERS; POOL_MAX, connections per worker;
// TOKEN_SECRET, without which nobody is let in; BEST=1 for what needs
// PostgreSQL without a pooler before it: statements prepared under a name, the
// session looked up within; and a cache of the tokens that have been checked.
//
// Both speed-ups that the two projects offer are on: the response schema, from
// which Fastify compiles a serializer, and no logger.  Tokens are checked by
// fast-jwt, as @fastify/jwt does it.

import cluster from 'node:cluster';
import os from 'node:os';
import Fastify from 'fastify';
import pg from 'pg';
import { blog, token } from './blog.js';
import { separate, withSession } from './query.js';

const best = process.env.BEST === '1';
const statements = best ? withSession : separate;

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
const article = object({
	slug: string, title: string, description: string, body: string,
	tagList: { type: 'array', items: string },
	createdAt: string, updatedAt: string,
	favorited: boolean, favoritesCount: integer, author: profile,
});
const list = object({
	articles: { type: 'array', items: article },
	articlesCount: integer,
});
const answers = (shape) => ({ schema: { response: { 200: shape } } });

async function serve() {
	const app = Fastify({ logger: false });
	const pool = new pg.Pool({ max: Number(process.env.POOL_MAX) });
	const key = process.env.TOKEN_SECRET;
	const verify = key === undefined ? undefined
		: (await import('fast-jwt')).createVerifier({
			key, algorithms: ['HS256'], cache: best,
		});
	const { list: newest, article: one, feed, favorite, unfavorite } =
	    blog(async (name, values) => (await pool.query(best
		? { name, text: statements[name], values }
		: { text: statements[name], values })).rows, best);

	function claims(request) {
		try {
			return verify(token(request.headers.authorization));
		} catch {
			return undefined;
		}
	}
	const route = (method, url, shape, handle) => app.route({
		method, url, ...answers(shape),
		handler: async (request, reply) => {
			const { status, body } = await handle(request);
			return reply.code(status).send(body);
		},
	});

	pool.on('error', (err) => console.error(`pool: ${err.message}`));
	app.get('/healthz', answers(object({ status: string })),
	    async () => ({ status: 'ok' }));
	route('GET', '/api/articles', list,
	    ({ query }) => newest(query.limit, query.offset));
	route('GET', '/api/articles/feed', list, (request) => feed(
	    claims(request), request.query.limit, request.query.offset));
	route('GET', '/api/articles/:slug', object({ article }),
	    ({ params }) => one(params.slug));
	route('POST', '/api/articles/:slug/favorite', object({ article }),
	    (request) => favorite(claims(request), request.params.slug));
	route('DELETE', '/api/articles/:slug/favorite', object({ article }),
	    (request) => unfavorite(claims(request), request.params.slug));
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
