// SPDX-License-Identifier: MIT
// plans -- see bench/plans.
//
// Both revisions' statements are asked of both databases by name, directly, with
// the settings of the functions' role, and with the same values.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { callgrindServer, haveCallgrind } from './callgrind.mjs';
import { pgbench } from './load.mjs';
import { PAIR_HEAD, inTurn, pairCells } from './pair.mjs';
import { psql, roleOptions } from './sql.mjs';
import { BENCH, beforeStack, option, own, progress } from './stack.mjs';
import { markdown, number } from './table.mjs';

const FUNCTIONS = ['article-list', 'article-feed', 'article-get'];
const ROUNDS = option('ROUNDS', 5);
const SECONDS = option('SECONDS', 1);

// What the values are: for each parameter of a statement, by its name, an
// expression.  pgbench cannot send a NULL, so all readers are logged in.
const AUTHOR = '(SELECT username FROM account WHERE id = (SELECT author_id' +
    ' FROM article ORDER BY created_at DESC, id DESC LIMIT 1))';
const READER = '(SELECT username FROM account WHERE id = (SELECT account_id' +
    ' FROM favorite ORDER BY created_at DESC, account_id LIMIT 1))';
const ME = '(SELECT min(id) FROM account)';
const SLUG = '(SELECT slug FROM article ORDER BY created_at DESC, id DESC' +
    ' LIMIT 1)';
const TAG = "'programming'"; // the most frequent
const START = ['9999999999999999', '999999999999999999']; // common/page.c
const PAGE = ['20', '0', ...START];
const PARAMETERS = {
	'article-list.newest-stranger': PAGE,
	'article-list.newest': [...PAGE, ME],
	'article-list.by-tag': [...PAGE, ME, TAG],
	'article-list.by-author': [...PAGE, ME, AUTHOR],
	'article-list.by-favorited': [...PAGE, ME, READER],
	'article-list.by-several': [...PAGE, ME, TAG, AUTHOR, READER],
	'article-feed.followed': [...PAGE, ME],
	'article-get.by-slug': [SLUG, ME],
};

// --- what is compared -------------------------------------------------------

// A revision: { name, stack, options, statements: name -> SQL }.
function revision(name, stack) {
	return {
		name, stack, options: roleOptions(stack),
		statements: new Map(FUNCTIONS
		    .flatMap((fn) => stack.descriptor(fn).statements)
		    .map((statement) => [statement.name, statement.sql])),
	};
}

const before = revision('before', beforeStack());
const after = revision('after', own);
const pair = [before, after];

const parameters = (sql) => Math.max(0,
    ...[...sql.matchAll(/\$([0-9]+)/g)].map((match) => Number(match[1])));

function plan({ stack, options, statements }, name) {
	const nulls = Array(parameters(statements.get(name))).fill('NULL');
	return psql(stack, `PREPARE s AS ${statements.get(name)};\n` +
	    `EXPLAIN (COSTS OFF) EXECUTE s(${nulls.join(', ')});\n`, options);
}

// The statement for pgbench: { file, args }, or null when it is not known what
// its parameters mean.
function script({ name, stack, statements }, statement) {
	const sql = statements.get(statement);
	const known = PARAMETERS[statement] ?? [];
	if (known.length === 0 || known.length !== parameters(sql))
		return null;
	const file = path.join(BENCH, `${name}.${statement}.sql`);
	writeFileSync(file, `${sql.replace(/\$([0-9]+)/g, ':v$1')};\n`);
	const values = known.map((value) => psql(stack, `SELECT ${value}`));
	return {
		file,
		args: ['--protocol', 'prepared', ...values.flatMap((value, n) =>
			['--define', `v${n + 1}=${value}`]),
		'--host', stack.run, '--port', '5432', '--username', 'mayfly',
		'mayfly'],
	};
}

// --- how long, and how many instructions ------------------------------------

// { before, after }: of each round the median time of one execution, in us.
async function times(scripts) {
	const runs = { before: [], after: [] };
	for (let round = 0; round < ROUNDS; round++) {
		for (const { name, options } of inTurn(pair, round)) {
			const { p50 } = await pgbench(scripts[name].file,
			    scripts[name].args, 1, SECONDS,
			    { PGOPTIONS: options });
			runs[name].push(p50 * 1000);
		}
	}
	return runs;
}

// Instructions of one execution of each statement, by name.
async function instructions({ name, stack, options }, scripts) {
	const counts = new Map();
	const server = await callgrindServer(stack);
	try {
		for (const [statement, { [name]: { file, args } }] of scripts) {
			const count = await server.count(file, args, options);
			counts.set(statement, count);
			progress(`${name}: ${statement}: ${number(count)} ` +
			    'instructions');
		}
	} finally {
		await server.stop();
	}
	return counts;
}

// --- what is printed --------------------------------------------------------

// The lines of both plans, those that differ marked.
function difference(name, ...texts) {
	const files = pair.map((one, n) => {
		const file = path.join(BENCH, `${one.name}.plan`);
		writeFileSync(file, `${texts[n]}\n`);
		return file;
	});
	let out = '';
	try {
		execFileSync('diff', ['-U', '1000', '--label', `before: ${name}`,
			'--label', `after: ${name}`, ...files],
		    { encoding: 'utf8' });
	} catch (err) {
		assert.equal(err.status, 1, err.message); // 1: they differ
		out = err.stdout;
	}
	return out;
}

const words = (sql) => sql.trim().split(/\s+/).join(' ');
const alike = (same) => same ? 'same' : '**differs**';

const names = [...after.statements.keys()]
    .filter((name) => before.statements.has(name));
const alone = pair.flatMap(({ name, statements }) => [...statements.keys()]
    .filter((one) => !names.includes(one)).map((one) => `${one} (${name})`));
assert.ok(names.length > 0, 'no statement has the same name in both');

const plans = new Map(names.map((name) =>
	[name, pair.map((one) => plan(one, name))]));
const scripts = new Map(names.map((name) => [name,
	Object.fromEntries(pair.map((one) => [one.name, script(one, name)]))])
    .filter(([, both]) => both.before !== null && both.after !== null));
const timed = new Map();
for (const [name, both] of scripts) {
	timed.set(name, await times(both));
	progress(`${name}: ${ROUNDS} rounds`);
}
const counted = [];
for (const one of haveCallgrind() ? pair : [])
	counted.push(await instructions(one, scripts));
own.script('up');

const rows = names.map((name) => {
	const [old, now] = counted.map((counts) => counts.get(name));
	const [oldPlan, newPlan] = plans.get(name);
	const runs = timed.get(name);
	return [name, alike(words(before.statements.get(name)) ===
	    words(after.statements.get(name))), alike(oldPlan === newPlan),
	    number(old), number(now), number(now / old),
	    ...runs === undefined ? PAIR_HEAD.map(() => '-')
		    : pairCells(runs.before, runs.after)];
});

console.log(`Before: ${process.env.BENCH_REV}; after: this tree. ` +
    'Instructions in user mode of a back end for one execution' +
    `${counted.length > 0 ? '' : ' (no valgrind here)'}; microseconds of one ` +
    `execution for one client, ${ROUNDS} rounds of ${SECONDS} s in turns.\n`);
console.log(markdown(['', 'text', 'plan', 'instructions before', 'after',
	'after : before', 'us before', ...PAIR_HEAD.slice(1)], rows));
if (alone.length > 0)
	console.log(`In one revision only: ${alone.join(', ')}.\n`);
for (const [name, texts] of plans) {
	const text = difference(name, ...texts);
	if (text !== '')
		console.log(`\`\`\`diff\n${text}\`\`\`\n`);
}
