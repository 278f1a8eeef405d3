// SPDX-License-Identifier: MIT
// sql -- asking the database of a stack, as its owner.

import { execFileSync } from 'node:child_process';

const ROLE = 'mayfly_reader';

// What psql prints of the script: values alone, a row a line.
export function psql(stack, script, options = '') {
	return execFileSync('psql', ['-qXAt', '-v', 'ON_ERROR_STOP=1',
		'-h', stack.run, '-p', '5432', '-U', 'mayfly', '-d', 'mayfly'], {
		encoding: 'utf8', input: script, timeout: 60000,
		env: { ...process.env, PGOPTIONS: options },
	}).trimEnd();
}

// What the role of the functions has set: { name: value }.
export function roleSettings(stack) {
	const settings = psql(stack, 'SELECT unnest(setconfig)' +
	    ` FROM pg_db_role_setting WHERE setrole = '${ROLE}'::regrole` +
	    ' AND setdatabase IN (0, (SELECT oid FROM pg_database' +
	    ' WHERE datname = current_database()))');
	return Object.fromEntries(settings.split('\n')
	    .filter((line) => line !== '')
	    .map((line) => [line.slice(0, line.indexOf('=')),
		    line.slice(line.indexOf('=') + 1)]));
}

// Settings as PGOPTIONS.
export function asOptions(settings) {
	return Object.entries(settings).map(([name, value]) =>
		`-c ${name}=${value.replace(/[\\\s]/g, '\\$&')}`).join(' ');
}

// Those of the functions' role, for other roles.
export function roleOptions(stack) {
	return asOptions(roleSettings(stack));
}
