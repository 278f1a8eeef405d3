// SPDX-License-Identifier: MIT
// versus -- see bench/versus.

import assert from 'node:assert/strict';
import { CONNECTIONS, SECONDS, alternate, mayfly } from './compare.mjs';
import { FEED, FEED_PAGES, checkEqual } from './equal.mjs';
import { median } from './load.mjs';
import { PAIR_HEAD, inTurn, pairCells } from './pair.mjs';
import { coldStart, coldStarts, leaving, lives, plainCgi } from './single.mjs';
import { beforeStack, option, own, progress } from './stack.mjs';
import { markdown } from './table.mjs';

const NOOP = '/healthz';
const ROUNDS = option('ROUNDS', 5);
const RUNS = option('RUNS', 200); // of what is timed singly, for each
const pair = [['before', beforeStack()], ['after', own]];
const stacks = pair.map(([, stack]) => stack);
const subjects = pair.map(([name, stack]) => mayfly(stack, name));
const rows = [];

// runs: { before, after }, of each round its figures; wanted: [[title, key]].
function add(runs, wanted) {
	for (const [title, key] of wanted) {
		const column = (name) => runs[name].map((run) => run[key]);
		rows.push([title, ...pairCells(column('before'),
		    column('after'))]);
	}
}

const LOAD = [['req/s', 'rate'], ['p50 ms', 'p50'], ['p99 ms', 'p99'],
	['server CPU s/1,000', 'server'], ['database CPU s/1,000', 'database']];

async function load(title, path, figures) {
	const runs = await alternate(subjects, path);
	add(Object.fromEntries(runs),
	    figures.map(([figure, key]) => [`${title}: ${figure}`, key]));
}

// One start of each after the other, since the machine changes within a round.
async function cold() {
	const count = Math.ceil(RUNS / ROUNDS);
	const runs = { before: [], after: [] };
	await leaving(stacks, async () => {
		for (const stack of stacks)
			await coldStart(stack);
		const started = stacks.map(coldStarts);
		for (let round = 0; round < ROUNDS; round++) {
			const ones = { before: [], after: [] };
			for (let n = 0; n < count; n++) {
				for (const [name, stack] of inTurn(pair, n))
					ones[name].push(await coldStart(stack));
			}
			for (const [name] of pair)
				runs[name].push({
					ms: median(ones[name].map(({ ms }) => ms)),
				});
			progress(`cold: round ${round + 1} of ${ROUNDS}`);
		}
		stacks.forEach((stack, n) => assert.ok(
		    coldStarts(stack) - started[n] >= ROUNDS * count,
		    'not every run began with no instance'));
	});
	add(runs, [['cold: first byte, ms', 'ms']]);
}

async function cgi() {
	for (const [title, name, query] of [
		['cgi, with a query', 'article-list', 'limit=20'],
		['cgi, no query', 'health', ''],
	]) {
		const count = Math.ceil(RUNS / ROUNDS);
		const runs = { before: [], after: [] };
		for (const stack of stacks)
			await lives(plainCgi(stack, name, query), 20);
		for (let round = 0; round < ROUNDS; round++) {
			for (const [which, stack] of inTurn(pair, round)) {
				const all = await lives(
				    plainCgi(stack, name, query), count);
				runs[which].push({
					ms: median(all.map(([us]) => us)) / 1000,
					cpu: median(all.map(([, us]) => us)) / 1000,
				});
			}
		}
		progress(`${title}: ${ROUNDS} rounds`);
		add(runs, [[`${title}: exec to exit, ms`, 'ms'],
			[`${title}: CPU s/1,000`, 'cpu']]);
	}
}

const measures = {
	feed: () => load('feed', FEED, LOAD),
	noop: () => load('noop', NOOP,
	    LOAD.filter(([, key]) => key !== 'database')),
	cold, cgi,
};
const only = process.env.BENCH_ONLY.split(',');

// All but noop ask for the feed.
await checkEqual(subjects, only.some((name) => name !== 'noop')
	? [...FEED_PAGES, NOOP] : [NOOP]);
progress('both revisions answer alike');
for (const name of only)
	await measures[name]();

console.log(`Before: ${process.env.BENCH_REV}; after: this tree. ${ROUNDS} ` +
    `rounds, in turns: load of ${SECONDS} s with ${CONNECTIONS} ` +
    `connections; ${RUNS} single runs.\n`);
console.log(markdown(['', ...PAIR_HEAD], rows));
