// SPDX-License-Identifier: MIT
// openapi -- looks at the document of "mayfly openapi" with programs that are not
// ours. Prints what is wrong, a line each, and nothing when all is well.
//
//	node openapi.mjs valid DOCUMENT
//		it is OpenAPI 3.1 (@seriousme/openapi-schema-validator)
//	node openapi.mjs answers DOCUMENT ANSWERS
//		each answer (JSON lines: method, path or operation, status, type,
//		body) has a status and a body that the document says (ajv)
//	node openapi.mjs contract DOCUMENT CONTRACT.yml
//		what differs from the contract for the routes that both have, but
//		for inputs of ours that may be left out
import {readFileSync} from 'node:fs';
import {Validator} from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import {parse} from 'yaml';

const [what, file, other] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');
const document = JSON.parse(text);

function say(line) {
	console.log(line);
}

// What a "$ref" leads to, in the document that it is in.
function follow(root, value) {
	while (value?.$ref !== undefined)
		value = value.$ref.slice(2).split('/')
		    .reduce((at, key) => at[key], root);
	return value;
}

async function valid() {
	const result = await new Validator().validate(document);

	if (!result.valid)
		for (const e of result.errors)
			say(`${e.instancePath} ${e.message}`);
	for (const [name, schema] of Object.entries(document.components.schemas))
		try {
			compiler().compile({...document, ...schema});
		} catch (e) {
			say(`schema ${name}: ${e.message}`);
		}
}

// ---- answers ----

function compiler() {
	const ajv = new Ajv({strict: false, allErrors: true});

	addFormats(ajv);
	ajv.addFormat('idn-email', /^[^@\s]+@[^@\s]+$/);
	return ajv;
}

// A member that no schema names is a mistake of ours: the same schemas, closed.
function close(value) {
	if (Array.isArray(value))
		return value.map(close);
	if (value === null || typeof value !== 'object')
		return value;
	const closed = Object.fromEntries(Object.entries(value)
	    .map(([key, member]) => [key, close(member)]));
	if (closed.type === 'object' && closed.properties !== undefined)
		closed.additionalProperties ??= false;
	return closed;
}

const camel = (name) => name.replace(/-(.)/g, (_, c) => c.toUpperCase());

function find(answer) {
	for (const [path, methods] of Object.entries(document.paths))
		for (const [method, operation] of Object.entries(methods))
			if (answer.operation !== undefined
			    ? operation.operationId === camel(answer.operation)
			    : path === answer.path &&
			      method === answer.method.toLowerCase())
				return operation;
	return undefined;
}

function answers() {
	const ajv = compiler();
	const closed = close({components: document.components});
	const lines = readFileSync(other, 'utf8').trim().split('\n');

	for (const answer of lines.map((line) => JSON.parse(line))) {
		const name = answer.operation ?? `${answer.method} ${answer.path}`;
		const response = follow(document,
		    find(answer)?.responses[answer.status]);

		if (response === undefined) {
			say(`${name}: the document knows no ${answer.status}`);
			continue;
		}
		const type = (answer.type ?? '').split(';')[0];
		const media = response.content?.[type];

		if (media === undefined) {
			if (response.content !== undefined || answer.body)
				say(`${name} ${answer.status}: content ${type}`);
			continue;
		}
		if (!type.endsWith('json'))
			continue;
		const check = ajv.compile({...closed, ...close(media.schema)});
		if (!check(JSON.parse(answer.body)))
			for (const e of check.errors)
				say(`${name} ${answer.status}: ` +
				    `${e.instancePath} ${e.message} ` +
				    JSON.stringify(e.params));
	}
}

// ---- the contract ----

// Objects, lists and types alone: {a: ['string', 'null'], b: [...]}.
function outline(root, schema) {
	schema = follow(root, schema);
	if (schema === undefined)
		return 'none';
	if (schema.properties !== undefined)
		return Object.fromEntries(Object.keys(schema.properties).sort()
		    .map((key) => [key, outline(root, schema.properties[key])]));
	if (schema.items !== undefined)
		return [outline(root, schema.items)];
	if (schema.additionalProperties !== undefined)
		return {'*': outline(root, schema.additionalProperties)};
	return [schema.type ?? 'any'].flat().sort().join(' or ');
}

// Of ours what theirs has, too.
function within(ours, theirs) {
	if (Array.isArray(ours) && Array.isArray(theirs))
		return [within(ours[0], theirs[0])];
	if (typeof ours !== 'object' || typeof theirs !== 'object')
		return ours;
	return Object.fromEntries(Object.entries(ours)
	    .filter(([key]) => key in theirs)
	    .map(([key, member]) => [key, within(member, theirs[key])]));
}

function parameters(root, operation) {
	return (operation.parameters ?? []).map((p) => follow(root, p))
	    .map((p) => `${p.in} ${p.name} ${follow(root, p.schema).type}` +
	        (p.required ? ' required' : '')).sort();
}

const json = (root, value) =>
	follow(root, value)?.content?.['application/json']?.schema;

function required(root, schema) {
	schema = follow(root, schema);
	return (schema?.required ?? []).toSorted?.() ??
	    [...(schema?.required ?? [])].sort();
}

function compare(where, ours, theirs) {
	const [a, b] = [ours, theirs].map((v) => JSON.stringify(v));

	if (a !== b)
		say(`${where}: ${a}, contract ${b}`);
}

function compareOperation(where, contract, ours, theirs) {
	const asked = parameters(contract, theirs);
	compare(`${where} parameters`, parameters(document, ours)
	    .filter((p) => asked.includes(p) || p.endsWith(' required')), asked);
	const body = outline(contract, json(contract, theirs.requestBody));
	compare(`${where} body`, within(outline(document, json(document,
	    ours.requestBody)), body), body);
	const members = (root, operation) => Object.values(
	    follow(root, json(root, operation.requestBody))?.properties ?? {})
	    .map((inner) => required(root, inner));
	compare(`${where} required`, members(document, ours),
	    members(contract, theirs));
	compare(`${where} for whom`, (ours.security ?? []).length > 0 &&
	    Object.keys(ours.security[0]).length > 0,
	    (theirs.security ?? []).length > 0);
	for (const [status, response] of Object.entries(theirs.responses)) {
		if (ours.responses[status] === undefined) {
			say(`${where} ${status}: only in the contract`);
			continue;
		}
		compare(`${where} ${status}`,
		    outline(document, json(document, ours.responses[status])),
		    outline(contract, json(contract, response)));
	}
}

function contract() {
	const root = parse(readFileSync(other, 'utf8'));

	for (const [path, methods] of Object.entries(document.paths)) {
		const theirs = root.paths[path.replace(/^\/api/, '')];

		for (const [method, operation] of Object.entries(methods))
			if (theirs?.[method] !== undefined)
				compareOperation(`${method} ${path}`, root,
				    operation, theirs[method]);
	}
}

await {valid, answers, contract}[what]();
