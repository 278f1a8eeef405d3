// SPDX-License-Identifier: MIT
// cold -- see bench/cold.
//
// For Mayfly the idle time is set so low that an instance leaves after each
// answer.  A run waits until mayflyd says that there are none, then asks once.

import assert from 'node:assert/strict';
import { FEED, checkEqual } from './equal.mjs';
import { median, percentile } from './load.mjs';
import { compileWorkerd, compiledWorkerd, fastify, freePort, start, stopAll,
	workerd } from './peers.mjs';
import { coldStart, coldStarts, firstByte, leaving } from './single.mjs';
import { option, own as mayfly, progress } from './stack.mjs';
import { goals, markdown, mebibytes, number } from './table.mjs';

const RUNS = option('RUNS', 200); // of Mayfly; a tenth of it for each peer
const ALONE = { workers: 1, tokens: false };
const ROUNDS = Math.min(option('ROUNDS', 20), RUNS);

const peer = (command) => async () => {
	const port = await freePort();
	const { argv, env } = command(port);
	return firstByte(port, argv, env);
};

const subjects = [
	{ name: 'Mayfly, no instance', share: 10,
		one: () => coldStart(mayfly) },
	{ name: 'workerd with Hono', share: 1,
		one: peer((port) => workerd(port, 'workerd.capnp')) },
	{ name: 'workerd with Hono, compiled into one program', share: 1,
		one: peer(compiledWorkerd) },
	{ name: 'Node with Fastify', share: 1,
		one: peer((port) => fastify(port, 'fastify.js', ALONE)) },
	{ name: 'Node with Fastify, one bundled file', share: 1,
		one: peer((port) => fastify(port, 'fastify.bundle.cjs', ALONE)) },
];

async function check() {
	const servers = [{ name: 'Mayfly', base: mayfly.base }];
	const commands = [
		['workerd', (port) => workerd(port, 'workerd.capnp')],
		['workerd-compiled', compiledWorkerd],
		['fastify', (port) => fastify(port, 'fastify.js', ALONE)],
		['fastify-bundle',
			(port) => fastify(port, 'fastify.bundle.cjs', ALONE)],
	];
	for (const [name, command] of commands) {
		const port = await freePort();
		const base = `http://127.0.0.1:${port}`;
		await start(name, command(port), `${base}/healthz`);
		servers.push({ name, base });
	}
	await checkEqual(servers, [FEED]);
	stopAll();
	progress('all answers are equal in meaning');
}

async function measure() {
	const results = new Map(subjects.map(({ name }) => [name, []]));
	for (const { one } of subjects)
		await one();
	const before = coldStarts(mayfly);
	for (let round = 0; round < ROUNDS; round++) {
		for (const { name, share, one } of subjects) {
			const count = Math.max(1,
			    Math.round(RUNS * share / 10 / ROUNDS));
			for (let n = 0; n < count; n++)
				results.get(name).push(await one());
		}
		progress(`round ${round + 1} of ${ROUNDS}`);
	}
	const started = coldStarts(mayfly) - before;
	assert.ok(started >= results.get(subjects[0].name).length,
	    `only ${started} cold starts: not every run began with none`);
	return results;
}

compileWorkerd();
await check();
const results = await leaving([mayfly], measure);

const figures = new Map([...results].map(([name, runs]) => {
	const column = (key) => runs.map((one) => one[key]);
	const sum = (key) => column(key).reduce((a, b) => a + b);
	return [name, {
		runs: runs.length, rate: runs.length / sum('ms') * 1000,
		p50: percentile(column('ms'), 50), p99: percentile(column('ms'), 99),
		cpu: sum('cpu') / runs.length * 1000, pss: median(column('pss')),
	}];
}));
const [own, worker, compiled, node, bundled] = [...figures.values()];

console.log(`From nothing to the first byte of GET ${FEED}; alternating in ` +
    `${ROUNDS} rounds.\n`);
console.log(markdown(['', 'runs', 'starts/s', 'p50 ms', 'p99 ms',
	'CPU s/1,000', 'PSS MiB', 'this : Mayfly'],
    [...figures].map(([name, one]) => [name, String(one.runs),
	    number(one.rate), number(one.p50), number(one.p99),
	    number(one.cpu), mebibytes(one.pss), one === own ? '1'
		    : `${number(one.p50 / own.p50)}x`])));
console.log(goals([
	{ what: 'cold, with a query, p50', value: own.p50, unit: ' ms',
		most: 2.5 },
	{ what: 'faster than starting workerd', value: worker.p50 / own.p50,
		unit: 'x', least: 15 },
	{ what: 'the same when compiled into one program',
		value: compiled.p50 / own.p50, unit: 'x', least: 15 },
	{ what: 'faster than starting Node + Fastify',
		value: node.p50 / own.p50, unit: 'x', least: 80 },
	{ what: 'the same when Fastify is one bundled file',
		value: bundled.p50 / own.p50, unit: 'x', least: 80 },
]));
