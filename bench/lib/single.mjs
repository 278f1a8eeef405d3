// SPDX-License-Identifier: MIT
// single -- single requests and what each takes: a function that is started for
// one request through nginx, and one that lives as plain CGI.

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { FEED } from './equal.mjs';
import { cpuSeconds, pssBytes } from './process.mjs';
import { BENCH, sleep } from './stack.mjs';

const run = promisify(execFile);
const IDLE_MS = 20;
const ZERO_MS = 5000; // for all instances to leave

// --- cold -------------------------------------------------------------------

// Run the function work while instances of these stacks leave after each
// answer.
export async function leaving(stacks, work) {
	try {
		for (const stack of stacks)
			stack.change('MAYFLY_IDLE_MS', IDLE_MS);
		return await work();
	} finally {
		for (const stack of stacks)
			stack.change('MAYFLY_IDLE_MS', undefined);
	}
}

async function zeroInstances(stack) {
	const end = Date.now() + ZERO_MS;
	while (stack.status().some((fn) => fn.instances.length > 0)) {
		if (Date.now() > end)
			throw new Error(`instances are left after ${ZERO_MS} ms`);
		await sleep(IDLE_MS);
	}
}

// first-byte's answer in { ms, cpu, pss }: milliseconds, seconds, bytes; the
// last two are 0 without a command.
export async function firstByte(port, argv, env) {
	const { stdout } = await run(path.join(BENCH, 'first-byte'),
	    [String(port), FEED, ...argv], { env, timeout: 30000 });
	const [us, cpu, pss] = stdout.trim().split(' ').map(Number);
	return { ms: us / 1000, cpu: cpu / 1e6, pss: pss * 1024 };
}

// One request of a stack that has no instance.  The CPU time of the instance
// is mayflyd's when it has left; what mayflyd and nginx used is in it, too.
export async function coldStart(stack) {
	await zeroInstances(stack);
	const before = cpuSeconds(stack.serverRoots());
	const { ms } = await firstByte(stack.port, []);
	const pss = pssBytes(stack.serverRoots());
	await sleep(3 * IDLE_MS);
	return { ms, pss, cpu: cpuSeconds(stack.serverRoots()) - before };
}

// How many instances of the feed's function have been started so far.
export function coldStarts(stack) {
	return stack.status().find(({ name }) => name === 'article-list')
	    .cold_starts;
}

// --- plain CGI --------------------------------------------------------------

// A function of a stack for exec-time: { program, text, env }.
export function plainCgi(stack, name, query) {
	const { DATABASE_READER_URL, MAYFLY_TOKEN_SECRET } = stack.settings();
	return {
		program: path.join(stack.folder, 'cgi-bin', name),
		text: 'Status: 200',
		env: {
			GATEWAY_INTERFACE: 'CGI/1.1', SERVER_PROTOCOL: 'HTTP/1.1',
			REQUEST_METHOD: 'GET', QUERY_STRING: query, DATABASE_READER_URL,
			MAYFLY_TOKEN_SECRET, MAYFLY_LOG_LEVEL: 'error',
		},
	};
}

// [[microseconds, CPU microseconds, peak KiB]...] of count lives.
export async function lives({ program, text, env }, count) {
	const { stdout } = await run(path.join(BENCH, 'exec-time'),
	    [String(count), text, program], { env, timeout: 120000 });
	return stdout.trim().split('\n')
	    .map((line) => line.split(' ').map(Number));
}
