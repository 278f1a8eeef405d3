// SPDX-License-Identifier: MIT
// compare -- one load, on Mayfly's server and the peers in turn.
//
// A load is what load.mjs takes, a path or a file of requests.  A subject is {
// name, base, roots } or, for what is no HTTP server, { name, run }: roots()
// are the pids whose trees make up the server, run(seconds) returns what
// load.mjs returns; databaseRoots() when its database is another than that of
// the tree's stack.  In each round every subject has one run, and each round
// begins with another; what is printed are medians over the rounds.

import { median, wrk } from './load.mjs';
import { balancer, bun, fastify, freePort, start, workerd } from './peers.mjs';
import { cpuSeconds, pssBytes } from './process.mjs';
import { option, own, progress, sleep } from './stack.mjs';
import { markdown, mebibytes, number } from './table.mjs';

export const ROUNDS = option('ROUNDS', 5);
export const SECONDS = option('SECONDS', 10);
export const CONNECTIONS = option('CONNECTIONS', 32);
const WARM_SECONDS = 3;

export function mayfly(stack = own, name = 'Mayfly') {
	return {
		name, base: stack.base, roots: stack.serverRoots,
		databaseRoots: stack.databaseRoots,
	};
}

async function peer(name, log, command, port) {
	const base = `http://127.0.0.1:${port}`;
	const pid = await start(log, command, `${base}/healthz`);
	return { name, base, roots: () => [pid] };
}

// The peer that is several processes: the answers come from the last.
function together(name, parts) {
	return {
		...parts.at(-1), name,
		roots: () => parts.flatMap((part) => part.roots()),
	};
}

async function behindNginx(name, log, halves, ports) {
	const port = await freePort();
	return together(name, [...halves, await peer('', `${log}-nginx`,
	    balancer(log, port, ports), port)]);
}

async function hono(name, log, config) {
	const port = await freePort();
	return peer(name, log, workerd(port, config), port);
}

export const HONO = 'Hono on workerd';

export async function peers() {
	const [clustered, one, two] = [await freePort(), await freePort(),
		await freePort()];
	return [
		await peer('Fastify + pg, clustered', 'fastify',
		    fastify(clustered, 'fastify.js'), clustered),
		await hono(HONO, 'workerd', 'workerd.capnp'),
		await hono('Hono on workerd, pool in a Durable Object',
		    'workerd-pool', 'workerd-pool.capnp'),
		await behindNginx('Hono on 2 workerd behind nginx', 'workerd', [
			await peer('', 'workerd-1',
			    workerd(one, 'workerd.capnp'), one),
			await peer('', 'workerd-2',
			    workerd(two, 'workerd.capnp'), two),
		], [one, two]),
	];
}

// The peers of bench/api: each as its users set it up, then at its best.
export const FASTIFY = 'Fastify + pg, as set up';
export const FASTIFY_BEST = 'Fastify + pg, at its best';
export const BUN = 'Bun, as set up';
export const BUN_BEST = 'Bun, at its best';

export async function apiPeers() {
	const [node, nodeBest, both, one, two] = [await freePort(),
		await freePort(), await freePort(), await freePort(),
		await freePort()];
	return [
		await hono(HONO, 'workerd', 'workerd.capnp'),
		await peer(FASTIFY, 'fastify', fastify(node, 'fastify.js'), node),
		await behindNginx(FASTIFY_BEST, 'fastify-best', [
			await peer('', 'fastify-best',
			    fastify(nodeBest, 'fastify.js', { best: true }),
			    nodeBest),
		], [nodeBest]),
		together(BUN, [await peer('', 'bun-1', bun(both), both),
			await peer('', 'bun-2', bun(both), both)]),
		await behindNginx(BUN_BEST, 'bun-best', [
			await peer('', 'bun-best-1', bun(one, { best: true }), one),
			await peer('', 'bun-best-2', bun(two, { best: true }), two),
		], [one, two]),
	];
}

const WATCH_MS = 100;

// The result of work; while it goes on, look() is called ten times a second and
// throws when something is wrong.
async function watched(work, look) {
	let busy = true;
	const watching = (async () => {
		while (busy) {
			await look();
			await sleep(WATCH_MS);
		}
	})();
	try {
		return await work;
	} finally {
		busy = false;
		await watching;
	}
}

async function measure(subject, load, look) {
	const roots = subject.roots?.() ?? [];
	const databaseRoots = subject.databaseRoots ?? own.databaseRoots;
	const server = cpuSeconds(roots);
	const database = cpuSeconds(databaseRoots());
	const work = subject.run === undefined
		? wrk(subject.base, load, CONNECTIONS, SECONDS)
		: subject.run(SECONDS);
	const run = look === undefined ? await work
		: await watched(work, () => look(subject));
	const per = run.requests / 1000;
	return {
		...run,
		server: (cpuSeconds(roots) - server) / per,
		database: (cpuSeconds(databaseRoots()) - database) / per,
		pss: pssBytes(roots),
		...subject.after?.(),
	};
}

// Runs all rounds; returns a map from name to the figures of each round.  look,
// if given, holds answers of a subject under load against what they must be.
export async function alternate(subjects, load, look) {
	const runs = new Map(subjects.map(({ name }) => [name, []]));
	for (const subject of subjects) {
		if (subject.run === undefined) {
			progress(`warming up ${subject.name}`);
			await wrk(subject.base, load, CONNECTIONS,
			    WARM_SECONDS);
		}
	}
	for (let round = 0; round < ROUNDS; round++) {
		for (let n = 0; n < subjects.length; n++) {
			const subject = subjects[(n + round) % subjects.length];
			const run = await measure(subject, load, look);
			runs.get(subject.name).push(run);
			progress(`round ${round + 1} of ${ROUNDS}: ` +
			    `${subject.name}: ${number(run.rate)} req/s, ` +
			    `p99 ${number(run.p99)} ms`);
		}
	}
	return runs;
}

// The same, but of all figures the medians.
export async function compare(subjects, load, look) {
	const runs = await alternate(subjects, load, look);
	return new Map([...runs].map(([name, all]) => [name,
		Object.fromEntries(Object.keys(all[0]).map((key) =>
			[key, median(all.map((run) => run[key]))]))]));
}

// The table of what compare() returned; ratios are to the row called first.
export function show(results, first) {
	const rate = results.get(first).rate;
	return markdown(['', 'req/s', 'p50 ms', 'p99 ms',
		'server CPU s/1,000', 'database CPU s/1,000', 'PSS MiB',
		`${first} : this`],
	    [...results].map(([name, run]) => [name, number(run.rate),
		    number(run.p50), number(run.p99),
		    run.pss > 0 ? number(run.server) : '-',
		    number(run.database),
		    run.pss > 0 ? mebibytes(run.pss) : '-',
		    name === first ? '1' : `${number(rate / run.rate)}x`]));
}
