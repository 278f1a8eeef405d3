// SPDX-License-Identifier: MIT
// feed -- see bench/feed.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CONNECTIONS, ROUNDS, SECONDS, compare, mayfly, peers, show }
	from './compare.mjs';
import { FEED, FEED_PAGES, checkEqual } from './equal.mjs';
import { pgbench } from './load.mjs';
import { stopAll } from './peers.mjs';
import { memory } from './process.mjs';
import { roleOptions } from './sql.mjs';
import { BENCH, own as stack, progress } from './stack.mjs';
import { goals } from './table.mjs';

const FUNCTION = 'article-list';
const STATEMENT = 'article-list.newest-stranger';
const LIMIT = 'pgbench, prepared, directly';
const POOLED_LIMIT = 'pgbench, prepared, through PgBouncer';

// As many clients as PgBouncer may have connections to PostgreSQL.
const clients = Number(/^default_pool_size *= *([0-9]+)/m
    .exec(readFileSync(path.join(stack.folder, 'pgbouncer.ini'), 'utf8'))[1]);

// The function's own statement for a stranger, with its own arguments, which
// pgbench prepares itself; $1 to $4 are its variables: from the start.
function limit(port, user, database) {
	const sql = stack.descriptor(FUNCTION).statements
	    .find(({ name }) => name === STATEMENT).sql
	    .replaceAll('$1', ':limit').replaceAll('$2', ':offset')
	    .replaceAll('$3', ':time').replaceAll('$4', ':id');
	assert.doesNotMatch(sql, /\$[0-9]/);
	const file = path.join(BENCH, 'limit.sql');
	writeFileSync(file, `${sql};\n`);
	return (seconds) => pgbench(file, ['--protocol', 'prepared',
		'--define', 'limit=20', '--define', 'offset=0',
		'--define', 'time=9999999999999999',
		'--define', 'id=999999999999999999',
		'--host', stack.run, '--port', port, '--username', user, database],
		clients, seconds);
}

// What the role of the functions has set, for the owner's connections.
process.env.PGOPTIONS = roleOptions(stack);

function warmMemory() {
	return {
		uss: Math.max(...stack.instances(FUNCTION)
		    .map((pid) => memory(pid)?.uss ?? 0)),
	};
}

const own = { ...mayfly(), after: warmMemory };
const others = await peers();
const feed = await checkEqual([own, ...others], FEED_PAGES);
assert.equal(feed.articles.length, 20);
assert.equal(feed.articlesCount, 100000);
progress('all answers are equal in meaning');

const results = await compare([own, ...others,
	{ name: LIMIT, run: limit('5432', 'mayfly', 'mayfly') },
	{ name: POOLED_LIMIT, run: limit('6432', 'mayfly_reader', 'limit') },
], FEED);
const [fastify, hono, pool] = others.map(({ name }) => results.get(name));
const mine = results.get('Mayfly');
stopAll();

console.log(`GET ${FEED}: 20 of 100,000 articles, uncached; ` +
    `${CONNECTIONS} connections, medians of ${ROUNDS} runs of ${SECONDS} s.\n`);
console.log(show(results, 'Mayfly'));
console.log(goals([
	{ what: 'req/s over Fastify + pg, clustered',
		value: mine.rate / fastify.rate, unit: 'x', least: 2.5 },
	{ what: 'req/s over Hono on workerd',
		value: mine.rate / hono.rate, unit: 'x', least: 7 },
	{ what: 'the same over its pool in a Durable Object',
		value: mine.rate / pool.rate, unit: 'x', least: 7 },
	{ what: 'p99 below Fastify\'s', value: mine.p99, unit: ' ms',
		most: fastify.p99, below: true },
	{ what: 'p99 below Hono\'s', value: mine.p99, unit: ' ms',
		most: Math.min(hono.p99, pool.p99), below: true },
	{ what: 'of pgbench\'s prepared rate',
		value: mine.rate / results.get(LIMIT).rate, least: 0.5 },
	{ what: 'the same through PgBouncer',
		value: mine.rate / results.get(POOLED_LIMIT).rate, least: 0.5 },
	{ what: 'private memory of the largest warm instance',
		value: mine.uss / 1048576, unit: ' MiB', most: 1 },
]));
