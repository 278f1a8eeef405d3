// SPDX-License-Identifier: MIT
// machine -- what the figures of bench/all were measured on and with.

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

const { packages } = JSON.parse(readFileSync(
    path.join(BENCH, 'peers', 'package-lock.json'), 'utf8'));
const peers = ['workerd', 'hono', 'postgres', 'fastify', 'pg'].map((name) => {
	const key = name === 'workerd' ? '@cloudflare/workerd-linux-64' : name;
	return `${name} ${packages[`node_modules/${key}`].version}`;
});

console.log(`${os.cpus().length} cores (${os.cpus()[0].model}), ` +
    `${Math.round(os.totalmem() / 2 ** 30)} GiB, Linux ${os.release()}; ` +
    `${first('psql', '--version')}, ${first('pgbouncer', '--version')}; ` +
    `Node ${process.version}, ${peers.join(', ')}.\n`);
