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
import { BENCH, own, sleep } from './stack.mjs';

const PEERS = path.join(BENCH, 'peers');
const WORKERD = path.join(PEERS, 'node_modules', '@cloudflare',
    os.arch() === 'arm64' ? 'workerd-linux-arm64' : 'workerd-linux-64',
    'bin', 'workerd');
const COMPILED = path.join(BENCH, 'workerd-compiled');
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

// script: fastify.js, or fastify.bundle.cjs, the same in one file; workers:
// undefined for one per core.
export function fastify(port, script, workers) {
	return {
		argv: [process.execPath, path.join(PEERS, script)],
		env: {
			PATH: process.env.PATH, NODE_ENV: 'production',
			PORT: String(port), PGHOST: own.run, PGPORT: '6432',
			PGUSER: 'mayfly_reader', PGDATABASE: 'peers',
			...(workers && { WORKERS: String(workers) }),
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
		env: { PATH: process.env.PATH },
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

// nginx that hands requests in turn to servers on the given ports.
export function balancer(port, ports) {
	const folder = path.join(BENCH, 'balancer');
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
