// SPDX-License-Identifier: MIT
// peers -- the commands that run the peers, and starting and stopping them.
//
// A command is { argv, env }.  Each peer started here has a process group of
// its own, which ends with this process, and a log in $VAR/bench.

import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, writeFileSync }
	from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { asOptions, roleSettings } from './sql.mjs';
import { BENCH, own, sleep } from './stack.mjs';

const PEERS = path.join(BENCH, 'peers');
const WORKERD = path.join(PEERS, 'node_modules', '@cloudflare',
    os.arch() === 'arm64' ? 'workerd-linux-arm64' : 'workerd-linux-64',
    'bin', 'workerd');
const BUN = path.join(PEERS, 'node_modules', '@oven',
    os.arch() === 'arm64' ? 'bun-linux-aarch64' : 'bun-linux-x64', 'bin', 'bun');
const COMPILED = path.join(BENCH, 'workerd-compiled');
// Connections of a process: to PgBouncer, which lends 8; to PostgreSQL, which
// has 50, and two of these peers with two processes each run at once.
const POOLED_MAX = 16;
const DIRECT_MAX = 4;
const START_MS = 15000;

export function freePort() {
	return new Promise((resolve, reject) => {
		const server = net.createServer();
		server.on('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
}

// How a peer reaches the database.  Through PgBouncer, in whose entry "peers"
// the planner is as PostgreSQL comes; at its best directly, with all that the
// role of the functions has set, and as a role that may do as much.
function database(best) {
	const settings = best
		? { ...roleSettings(own), role: 'mayfly_writer' } : {};
	return {
		settings, port: best ? '5432' : '6432',
		user: best ? 'mayfly' : 'mayfly_writer',
		name: best ? 'mayfly' : 'peers',
	};
}

function environment(port, best) {
	return {
		PATH: process.env.PATH, NODE_ENV: 'production',
		PORT: String(port), BEST: best ? '1' : '0',
		POOL_MAX: String(best ? DIRECT_MAX : POOLED_MAX),
	};
}

const secret = () => ({
	TOKEN_SECRET: own.settings().MAYFLY_TOKEN_SECRET,
});

// script: fastify.js, or fastify.bundle.cjs, the same in one file; workers:
// undefined for one per core; tokens: without them it starts sooner.
export function fastify(port, script,
    { workers, tokens = true, best = false } = {}) {
	const to = database(best);
	return {
		argv: [process.execPath, path.join(PEERS, script)],
		env: {
			...environment(port, best),
			PGHOST: own.run, PGPORT: to.port, PGUSER: to.user,
			PGDATABASE: to.name, PGOPTIONS: asOptions(to.settings),
			...(workers && { WORKERS: String(workers) }),
			...(tokens && secret()),
		},
	};
}

export function bun(port, { best = false } = {}) {
	const to = database(best);
	return {
		argv: [BUN, path.join(PEERS, 'bun.js')],
		env: {
			...environment(port, best), ...secret(),
			SOCKET: path.join(own.run, `.s.PGSQL.${to.port}`),
			PGUSER: to.user, PGDATABASE: to.name,
			SETTINGS: JSON.stringify(to.settings),
		},
	};
}

// config: workerd.capnp or workerd-pool.capnp.
export function workerd(port, config) {
	return runWorkerd([WORKERD, 'serve'], port, [path.join(PEERS, config)]);
}

export function compiledWorkerd(port) {
	return runWorkerd([COMPILED], port, []);
}

function runWorkerd(program, port, rest) {
	return {
		argv: [...program, `--socket-addr=http=127.0.0.1:${port}`,
			`--external-addr=pgbouncer=unix:${own.run}/.s.PGSQL.6432`,
			...rest],
		env: {
			PATH: process.env.PATH, ...secret(),
		},
	};
}

// One program of workerd, workerd.capnp and what that embeds.
export function compileWorkerd() {
	const file = openSync(COMPILED, 'w');
	execFileSync(WORKERD, ['compile', path.join(PEERS, 'workerd.capnp')],
	    { stdio: ['ignore', file, 'inherit'] });
	closeSync(file);
	chmodSync(COMPILED, 0o755);
}

// nginx that hands requests in turn to servers on the given ports; its files
// lie in a folder of this name.
export function balancer(name, port, ports) {
	const folder = path.join(BENCH, `${name}-nginx`);
	const file = path.join(folder, 'nginx.conf');
	mkdirSync(folder, { recursive: true });
	writeFileSync(file, `
daemon off;
${process.getuid() === 0 ? 'user root;' : ''}
worker_processes auto;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
	access_log off;
	client_body_temp_path ${folder}/body;
	proxy_temp_path ${folder}/proxy;
	fastcgi_temp_path ${folder}/fastcgi;
	scgi_temp_path ${folder}/scgi;
	uwsgi_temp_path ${folder}/uwsgi;
	upstream peers {
${ports.map((each) => `\t\tserver 127.0.0.1:${each};`).join('\n')}
		keepalive 64;
	}
	server {
		listen 127.0.0.1:${port};
		keepalive_requests 1000000000;
		location / {
			proxy_pass http://peers;
			proxy_http_version 1.1;
			proxy_set_header Connection "";
			proxy_buffers 16 8k;
		}
	}
}
`);
	return {
		argv: ['nginx', '-c', file, '-e', `${folder}/error.log`],
		env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
	};
}

const running = new Set();

export function stopAll() {
	for (const child of running) {
		try {
			process.kill(-child.pid, 'SIGTERM');
		} catch {
			// It has ended by itself.
		}
	}
	running.clear();
}
process.on('exit', stopAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
	process.on(signal, () => process.exit(130));

// Start a command and wait until url answers 200; returns its pid.
export async function start(name, command, url) {
	const log = openSync(path.join(BENCH, `${name}.log`), 'w');
	const [program, ...args] = command.argv;
	const child = spawn(program, args, {
		env: command.env, detached: true, stdio: ['ignore', log, log],
	});
	closeSync(log);
	running.add(child);
	const failed = new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('exit', (code) => {
			if (running.has(child))
				reject(new Error(`${name} ended with ${code}: see ` +
				    path.join(BENCH, `${name}.log`)));
		});
	});
	await Promise.race([failed, answers(url)]);
	failed.catch((err) => {
		console.error(`bench: ${err.message}`);
		process.exit(1);
	});
	return child.pid;
}

async function answers(url) {
	const end = Date.now() + START_MS;
	for (;;) {
		try {
			const response = await fetch(url);
			await response.arrayBuffer();
			if (response.status === 200)
				return;
		} catch {
			// Nobody listens yet.
		}
		if (Date.now() > end)
			throw new Error(`${url} does not answer`);
		await sleep(20);
	}
}
