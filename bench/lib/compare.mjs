// SPDX-License-Identifier: MIT
// compare -- one path under load, Mayfly's server and the peers in turn.
//
// A subject is { name, base, roots } or, for what is no HTTP server, { name,
// run }: roots() are the pids whose trees make up the server, run(seconds)
// returns what load.mjs returns; databaseRoots() when its database is another
// than that of the tree's stack.  In each round every subject has one run, and
// each round begins with another; what is printed are medians over the rounds.

import { median, wrk } from './load.mjs';
import { balancer, fastify, freePort, start, workerd } from './peers.mjs';
import { cpuSeconds, pssBytes } from './process.mjs';
import { option, own, progress } from './stack.mjs';
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

export async function peers() {
	const ports = [];
	for (let n = 0; n < 6; n++)
		ports.push(await freePort());
	const [clustered, single, pool, one, two, both] = ports;
	const list = [
		await peer('Fastify + pg, clustered', 'fastify',
		    fastify(clustered, 'fastify.js'), clustered),
		await peer('Hono on workerd', 'workerd',
		    workerd(single, 'workerd.capnp'), single),
		await peer('Hono on workerd, pool in a Durable Object',
		    'workerd-pool', workerd(pool, 'workerd-pool.capnp'), pool),
	];
	const halves = [
		await peer('', 'workerd-1', workerd(one, 'workerd.capnp'), one),
		await peer('', 'workerd-2', workerd(two, 'workerd.capnp'), two),
	];
	const front = await peer('Hono on 2 workerd behind nginx', 'balancer',
	    balancer(both, [one, two]), both);
	return [...list, {
		...front,
		roots: () => [front, ...halves].flatMap((each) => each.roots()),
	}];
}

async function measure(subject, path) {
	const roots = subject.roots?.() ?? [];
	const databaseRoots = subject.databaseRoots ?? own.databaseRoots;
	const server = cpuSeconds(roots);
	const database = cpuSeconds(databaseRoots());
	const run = subject.run === undefined
		? await wrk(subject.base + path, CONNECTIONS, SECONDS)
		: await subject.run(SECONDS);
	const per = run.requests / 1000;
	return {
		...run,
		server: (cpuSeconds(roots) - server) / per,
		database: (cpuSeconds(databaseRoots()) - database) / per,
		pss: pssBytes(roots),
		...subject.after?.(),
	};
}

// Runs all rounds; returns a map from name to the figures of each round.
export async function alternate(subjects, path) {
	const runs = new Map(subjects.map(({ name }) => [name, []]));
	for (const subject of subjects) {
		if (subject.run === undefined) {
			progress(`warming up ${subject.name}`);
			await wrk(subject.base + path, CONNECTIONS, WARM_SECONDS);
		}
	}
	for (let round = 0; round < ROUNDS; round++) {
		for (let n = 0; n < subjects.length; n++) {
			const subject = subjects[(n + round) % subjects.length];
			const run = await measure(subject, path);
			runs.get(subject.name).push(run);
			progress(`round ${round + 1} of ${ROUNDS}: ` +
			    `${subject.name}: ${number(run.rate)} req/s, ` +
			    `p99 ${number(run.p99)} ms`);
		}
	}
	return runs;
}

// The same, but of all figures the medians.
export async function compare(subjects, path) {
	const runs = await alternate(subjects, path);
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
