// SPDX-License-Identifier: MIT
// machine -- what the figures were measured on and with.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BENCH } from './stack.mjs';

function first(program, ...args) {
	const text = execFileSync(program, args, {
		encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'],
	});
	return text.split('\n')[0];
}

// Of the tree; a tarball has none.
function commit() {
	try {
		return `Commit ${first('git', '-C', process.env.BENCH_TOP,
		    'describe', '--always', '--dirty=, changed', '--exclude=*')}`;
	} catch {
		return 'Commit unknown';
	}
}

// The peers, in the benches that have some.
function peers() {
	if (process.env.BENCH_PEERS !== 'yes')
		return '';
	const { packages } = JSON.parse(readFileSync(
	    path.join(BENCH, 'peers', 'package-lock.json'), 'utf8'));
	return ['workerd', 'hono', 'postgres', 'fastify', 'pg', 'bun',
		'fast-jwt', 'jose'].map((name) => {
		const key = name === 'workerd' ? '@cloudflare/workerd-linux-64'
			: name;
		return `, ${name} ${packages[`node_modules/${key}`].version}`;
	}).join('');
}

console.log(`${commit()}; ${os.cpus().length} cores ` +
    `(${os.cpus()[0].model}), ${Math.round(os.totalmem() / 2 ** 30)} GiB, ` +
    `Linux ${os.release()}; ${first('psql', '--version')}, ` +
    `${first('pgbouncer', '--version')}; Node ${process.version}${peers()}. ` +
    `Load average before: ${os.loadavg().map((n) => n.toFixed(1)).join(', ')}.\n`);
