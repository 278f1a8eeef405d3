// SPDX-License-Identifier: MIT
// rates -- see bench/api.
//
// All subjects give the same answers: compared deeply before a load is
// measured, while it is, and after it.  No table is printed when one was wrong.

import assert from 'node:assert/strict';
import { BUN, BUN_BEST, CONNECTIONS, FASTIFY, FASTIFY_BEST, HONO, ROUNDS, SECONDS,
	apiPeers, compare, mayfly, show } from './compare.mjs';
import { FEED, FEED_PAGES, answer, checkEqual } from './equal.mjs';
import { requestFile } from './load.mjs';
import { stopAll } from './peers.mjs';
import { texts, token } from './readers.mjs';
import { psql } from './sql.mjs';
import { own, progress } from './stack.mjs';
import { goals } from './table.mjs';

const SPREAD = 1000; // articles that are asked for, and favourited
const CHECKED = 20; // of them, by their answers
const AHEAD = 250; // favourites that are set before they are taken back

const servers = [mayfly(), ...await apiPeers()];
const slugs = texts(own, `SELECT slug FROM article
    ORDER BY hashint8extended(id, 1) LIMIT ${SPREAD + 1}`);
// One that no load touches, for favourites while they are measured.
const quiet = slugs.pop();
const one = (slug) => `/api/articles/${slug}`;
const favorite = (slug) => `${one(slug)}/favorite`;
const reader = await token(own, 10); // has a feed
const fan = await token(own, 1); // has no favourites
const watcher = await token(own, 100);

// --- who is let in ----------------------------------------------------------

const FEEDS = ['/api/articles/feed', '/api/articles/feed?limit=7&offset=40'];

async function refuses(server, text) {
	for (const [method, path] of [['GET', FEEDS[0]],
		['POST', favorite(quiet)], ['DELETE', favorite(quiet)]]) {
		const response = await fetch(server.base + path, {
			method, headers: { Authorization: `Token ${text}` },
		});
		await response.arrayBuffer();
		assert.equal(response.status, 401,
		    `${server.name} lets a bad token in: ${method} ${path}`);
	}
}

// A session is ended while all have seen its token: no cache may hold it.
async function checkSessions() {
	const ended = await token(own, 1);
	for (const server of servers) {
		await answer(server.base, ['GET', FEEDS[0]], ended);
		await refuses(server, '');
		await refuses(server, ended.replace(/.{4}$/, 'AAAA'));
	}
	const { sid } = JSON.parse(Buffer.from(ended.split('.')[1], 'base64url'));
	psql(own, `UPDATE session SET ended_at = now() WHERE id = ${Number(sid)}`);
	for (const server of servers)
		await refuses(server, ended);
}

// --- what they answer -------------------------------------------------------

// Favourites change what is answered: each server does them one after the
// other, twice, and ends where it began.
async function favoriteTurns(base, slug) {
	const said = [];
	for (const method of ['POST', 'POST', 'DELETE', 'DELETE'])
		said.push(await answer(base, [method, favorite(slug)], watcher));
	return said;
}

// favorites_count of all articles is what there is.
function checkCounters() {
	assert.equal(psql(own, `SELECT count(*) FROM article a
	    WHERE favorites_count <> (SELECT count(*) FROM favorite
	    WHERE article_id = a.id)`), '0', 'favorites_count is wrong');
}

const checked = slugs.slice(0, CHECKED);
const expected = new Map([['favorite', await favoriteTurns(own.base, quiet)]]);

async function checkAll() {
	await checkEqual(servers, [...FEED_PAGES, ...checked.map(one)]);
	await checkEqual(servers, FEEDS, reader);
	for (const server of servers) {
		assert.deepEqual(await favoriteTurns(server.base, quiet),
		    expected.get('favorite'), `${server.name}: favourites`);
	}
	checkCounters();
	progress('all answers are equal in meaning');
}

// --- the loads --------------------------------------------------------------

// Set AHEAD, then take them back, so that each request changes something though
// many are under way at once.
function favorites() {
	const requests = [];
	for (let n = 0; n < slugs.length; n += AHEAD) {
		const some = slugs.slice(n, n + AHEAD);
		for (const method of ['POST', 'DELETE'])
			requests.push(...some.map((slug) =>
				[method, favorite(slug)]));
	}
	return requests;
}

// Holds one answer of a path against what it was before.
function watch(paths, text) {
	let n = 0;
	return async (subject) => {
		const path = paths[n++ % paths.length];
		if (!expected.has(path))
			expected.set(path, await answer(own.base, ['GET', path], text));
		assert.deepEqual(await answer(subject.base, ['GET', path], text),
		    expected.get(path), `${subject.name}: ${path} under load`);
	};
}

async function watchFavorites(subject) {
	assert.deepEqual(await favoriteTurns(subject.base, quiet),
	    expected.get('favorite'), `${subject.name}: favourites under load`);
}

const loads = [
	{ name: 'list', title: `GET ${FEED}`, load: FEED,
		look: watch([FEED]) },
	{ name: 'article', title: `GET ${one(':slug')}, ${SPREAD} of them`,
		load: requestFile('article', slugs.map((slug) =>
			['GET', one(slug)])), look: watch(checked.map(one)) },
	{ name: 'feed', title: `GET ${FEEDS[0]}, of 10 authors`,
		load: requestFile('feed', [['GET', FEEDS[0]]], reader),
		look: watch(FEEDS, reader) },
	{ name: 'favourite',
		title: `POST and DELETE ${favorite(':slug')}, ${SPREAD} of them`,
		load: requestFile('favorite', favorites(), fan),
		look: watchFavorites },
];

await checkSessions();
await checkAll();
const results = new Map();
for (const { name, load, look } of loads)
	results.set(name, await compare(servers, load, look));
await checkAll();
stopAll();
psql(own, `DELETE FROM favorite WHERE account_id IN (SELECT id FROM account
    WHERE email = 'reader1@seed.example')`);

for (const { name, title } of loads) {
	console.log(`${title}; 100,000 articles, ${CONNECTIONS} connections, ` +
	    `medians of ${ROUNDS} runs of ${SECONDS} s.\n`);
	console.log(show(results.get(name), 'Mayfly'));
}
console.log(goals([[HONO, 7, 3], [FASTIFY, 1.7, 1.3], [FASTIFY_BEST, 1.7, 1.3],
	[BUN, 1, 1], [BUN_BEST, 1, 1]].flatMap(([peer, read, write]) =>
	loads.map(({ name }) => ({
		what: `${name}, req/s over ${peer}`,
		value: results.get(name).get('Mayfly').rate /
		    results.get(name).get(peer).rate,
		unit: 'x', least: name === 'favourite' ? write : read,
	})))));
