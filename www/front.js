/* SPDX-License-Identifier: MIT */
/*
 * front -- the list of the front page: GET /api/articles, a page at a time.
 *
 * Whatever the API says goes in as text (textContent), never as HTML.
 */
'use strict';

const page = 10;
const list = document.getElementById('list');
const note = document.getElementById('note');
const count = document.getElementById('count');
const older = document.getElementById('older');
const day = new Intl.DateTimeFormat('en', {dateStyle: 'medium', timeZone: 'UTC'});

function say(text) {
	note.textContent = text;
	note.hidden = text === '';
}

function articleItem(article) {
	const item = document.getElementById('article').content.cloneNode(true);
	const slot = (name) => item.querySelector(`[data-slot=${name}]`);
	const n = article.favoritesCount;

	slot('title').textContent = article.title;
	slot('title').href = `/api/articles/${encodeURIComponent(article.slug)}`;
	slot('author').textContent = article.author.username;
	slot('date').textContent = day.format(new Date(article.createdAt));
	slot('date').dateTime = article.createdAt;
	slot('favorites').textContent = n === 1 ? '1 favourite' : `${n} favourites`;
	slot('description').textContent = article.description;
	for (const tag of article.tagList) {
		const li = document.createElement('li');

		li.textContent = tag;
		slot('tags').append(li);
	}
	return item;
}

/* What is wrong, in words: the errors of the API, or that it did not answer. */
async function fault(response) {
	let errors = {};

	try {
		({errors} = await response.json());
	} catch {
		/* no JSON: the status must do */
	}
	const words = Object.entries(errors ?? {}).map(
	    ([name, messages]) => `${name} ${messages}`);
	return `The API answers ${response.status}. ${words.join('; ')}`.trim();
}

async function load() {
	const offset = list.children.length;
	let response;

	older.disabled = true;
	try {
		response = await fetch(`/api/articles?limit=${page}&offset=${offset}`);
		if (!response.ok)
			throw new Error(await fault(response));
		show(await response.json());
	} catch (error) {
		say(response === undefined ? 'The API cannot be reached.'
		    : error.message);
		older.textContent = 'Try again';
		older.hidden = false;
	}
	older.disabled = false;
}

function show({articles, articlesCount: total}) {
	list.append(...articles.map(articleItem));
	say(total === 0 ? 'There are no articles yet.\n' +
	    'POST /api/articles publishes one; the reference says how.' : '');
	count.textContent = total === 0 ? '' :
	    `${list.children.length} of ${total}`;
	older.textContent = 'Show older';
	older.hidden = list.children.length >= total || articles.length === 0;
}

older.addEventListener('click', load);
load();
