// SPDX-License-Identifier: MIT
// growth -- see bench/api.
//
// There is a stack for each size, and all of them run; one at a time is asked.
// A question is many requests of a kind, such as the pages of 50 tags, so that
// no size is asked only for what lies in the nearest cache.  They are chosen by
// a hash, the same at each run.

import assert from 'node:assert/strict';
import path from 'node:path';
import { answer } from './equal.mjs';
import { median, requestFile, wrk } from './load.mjs';
import { FOLLOWED, texts, token } from './readers.mjs';
import { psql } from './sql.mjs';
import { BENCH, option, own, progress, stackAt } from './stack.mjs';
import { goals, markdown, number } from './table.mjs';

const ROUNDS = option('ROUNDS', 5);
const SECONDS = option('SECONDS', 1);
const STANDARD = 100000; // articles of the tree's own stack
const PAGE = 20;
const DEEP = 10000; // the page by cursor
const SPREAD = 200; // requests of a kind

const sizes = process.env.BENCH_SIZES.split(',').map(Number);
const stacks = sizes.map((size) => size === STANDARD ? own
	: stackAt(process.env.BENCH_TOP, path.join(BENCH, String(size))));
const grouped = (n) => n.toLocaleString('en');

// The page of this number, from 1, by the cursor of the article before it, as
// the Link header of the page before says it; the last full one when there are
// fewer.
function deepPage(stack, size) {
	const before = Math.min((DEEP - 1) * PAGE, size - PAGE);
	const cursor = psql(stack, `SELECT (extract(epoch FROM listed_at) *
	    1000000)::bigint || '_' || id FROM article
	    WHERE listed_at <= now() ORDER BY listed_at DESC, id DESC
	    LIMIT 1 OFFSET ${before - 1}`);
	return { page: before / PAGE + 1, path: `/api/articles?after=${cursor}` };
}

const spread = (query, id) => `${query} ORDER BY hashint8extended(${id}, 1)
    LIMIT ${SPREAD}`;
const ARTICLES = 'SELECT slug FROM article';

// Each question: the paths at a size, and of the first answer what SQL says
// that it must hold, by the plainest definition.
const questions = [
	{ name: 'first page', paths: () => ['/api/articles'],
		count: () => 'SELECT count(*) FROM article' },
	{ name: 'page by cursor',
		paths: (stack, size) => [deepPage(stack, size).path],
		count: () => 'SELECT count(*) FROM article' },
	{ name: 'tag', by: 'tag',
		each: `SELECT tag FROM tag ORDER BY articles_count DESC LIMIT 50`,
		count: (value) => `SELECT count(*) FROM article
		    WHERE '${value}' = ANY (tag_list)` },
	{ name: 'author', by: 'author',
		each: spread(`SELECT username FROM account
		    WHERE articles_count > 0`, 'id'),
		count: (value) => `SELECT count(*) FROM article JOIN account w
		    ON w.id = author_id WHERE username = '${value}'` },
	{ name: 'favourited', by: 'favorited',
		each: spread(`SELECT username FROM account WHERE EXISTS
		    (SELECT FROM favorite WHERE account_id = id)`, 'id'),
		count: (value) => `SELECT count(*) FROM favorite JOIN account w
		    ON w.id = account_id WHERE username = '${value}'` },
	{ name: 'article', each: spread(ARTICLES, 'id'),
		path: (slug) => `/api/articles/${slug}` },
	{ name: 'comments', each: spread(`${ARTICLES} WHERE comments_count > 0`, 'id'),
		path: (slug) => `/api/articles/${slug}/comments`,
		comments: (slug) => `SELECT count(*) FROM comment JOIN article a
		    ON a.id = article_id WHERE slug = '${slug}'` },
	{ name: 'tags', paths: () => ['/api/tags'] },
];

async function check(stack, one, value, first) {
	const body = await answer(stack.base, ['GET', first]);
	const held = one.count !== undefined
		? [body.articlesCount, psql(stack, one.count(value))]
		: one.comments !== undefined
			? [body.comments.length, psql(stack, one.comments(value))]
			: [body.article?.slug ?? body.tags.length,
				value ?? psql(stack, 'SELECT count(DISTINCT tag)' +
				    ' FROM article_tag')];
	assert.equal(String(held[0]), held[1], `${stack.base}${first}`);
	if (body.articles !== undefined)
		assert.ok(body.articles.length > 0, `${first} is empty`);
}

// Named files of requests for each size, and the first answer of each checked.
async function prepare(one) {
	const loads = [];
	for (const [n, stack] of stacks.entries()) {
		const values = one.each === undefined ? []
			: texts(stack, one.each);
		const paths = one.paths?.(stack, sizes[n]) ?? values.map(one.path ??
			((value) => `/api/articles?${one.by}=${value}`));
		await check(stack, one, values[0], paths[0]);
		loads.push(requestFile(`${one.name}-${sizes[n]}`,
		    paths.map((each) => ['GET', each])));
	}
	return loads;
}

// subjects: [[base, load]]; -> [{ p50, p99 }] of each, medians over the rounds.
async function inTurns(title, subjects) {
	const runs = subjects.map(() => []);
	for (const [base, load] of subjects)
		await wrk(base, load, 1, 1);
	for (let round = 0; round < ROUNDS; round++) {
		for (let n = 0; n < subjects.length; n++) {
			const at = (n + round) % subjects.length;
			runs[at].push(await wrk(...subjects[at], 1, SECONDS));
		}
	}
	const figures = runs.map((all) => ({
		p50: median(all.map(({ p50 }) => p50)),
		p99: median(all.map(({ p99 }) => p99)),
	}));
	progress(`${title}: p50 ${figures.map(({ p50 }) => number(p50))
	    .join(', ')} ms`);
	return figures;
}

const all = new Map();
for (const one of questions) {
	const loads = await prepare(one);
	all.set(one.name, await inTurns(one.name,
	    stacks.map((stack, n) => [stack.base, loads[n]])));
}

// --- the personal feed ------------------------------------------------------

// Whom they follow is counted: fewer than wanted where there are fewer authors.
const largest = stacks.at(-1);
const feeds = [];
for (const n of FOLLOWED) {
	const mine = await token(largest, n);
	const where = `FROM follow f JOIN account r ON r.id = f.follower_id
	    WHERE r.email = 'reader${n}@seed.example'`;
	const wanted = psql(largest, `SELECT count(*) FROM article
	    WHERE author_id IN (SELECT followed_id ${where})`);
	const body = await answer(largest.base, ['GET', '/api/articles/feed'], mine);
	assert.equal(String(body.articlesCount), wanted);
	feeds.push({
		followed: Number(psql(largest, `SELECT count(*) ${where}`)),
		load: requestFile(`feed-${n}`, [['GET', '/api/articles/feed']],
		    mine),
	});
}
const byFollowed = await inTurns('feed',
    feeds.map(({ load }) => [largest.base, load]));

// --- what came out ----------------------------------------------------------

const ratio = (figures) => figures.at(-1).p50 / figures[0].p50;
const pages = stacks.map((stack, n) => deepPage(stack, sizes[n]).page);
const pair = ({ p50, p99 }) => `${number(p50)} / ${number(p99)}`;
const times = (name) => `${number(ratio(all.get(name)))}x`;

console.log('One client, one request after the other, through nginx; p50 / p99 ' +
    `in ms, medians of ${ROUNDS} runs of ${SECONDS} s. Page by cursor is ` +
    `page ${pages.map(grouped).join(', ')}.\n`);
console.log(markdown(['', ...sizes.map((size) => `${grouped(size)} articles`),
	'p50, last : first'], [...all].map(([name, figures]) =>
	[name, ...figures.map(pair), times(name)])));
console.log(`Personal feed, ${grouped(sizes.at(-1))} articles:\n`);
console.log(markdown(['authors followed', 'p50 / p99 ms', 'p50 : of 1'],
    byFollowed.map((one, n) => [grouped(feeds[n].followed), pair(one),
	    `${number(one.p50 / byFollowed[0].p50)}x`])));
console.log(goals([
	...[...all].map(([name, figures]) => ({
		what: `${name}: last : first`, value: ratio(figures), unit: 'x',
		most: 1.5,
	})),
	{ what: `page ${grouped(pages.at(-1))} by cursor : first page`,
		value: all.get('page by cursor').at(-1).p50 /
		    all.get('first page').at(-1).p50, unit: 'x', most: 1.5 },
	{ what: 'feed of 100 authors : of 1',
		value: byFollowed[2].p50 / byFollowed[0].p50, unit: 'x', most: 2 },
	{ what: `feed of ${grouped(feeds[3].followed)} authors, p50`,
		value: byFollowed[3].p50, unit: ' ms', most: 20 },
]));
