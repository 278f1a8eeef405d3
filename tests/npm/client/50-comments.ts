// SPDX-License-Identifier: MIT
import {type Client, type State, expect, same} from './client.js';

export async function step(api: Client, state: State): Promise<void> {
	const path = {slug: state.slug};
	const all = '/api/articles/{slug}/comments';
	const made = await api.POST(all, {params: {path},
		body: {comment: {body: 'So it is'}}});
	const id: number = expect(made.data, 'comment').comment.id;
	const list = await api.GET(all, {params: {path}});

	same(expect(list.data, 'list').comments.map((c) => c.id), [id], 'list');
	const gone = await api.DELETE('/api/articles/{slug}/comments/{id}',
	    {params: {path: {slug: state.slug, id}}});
	same(gone.response.status, 204, 'delete');
}
