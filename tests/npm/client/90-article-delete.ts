// SPDX-License-Identifier: MIT
import {type Client, type State, same} from './client.js';

export async function step(api: Client, state: State): Promise<void> {
	const params = {path: {slug: state.slug}};

	same((await api.DELETE('/api/articles/{slug}', {params}))
	    .response.status, 204, 'delete');
	same((await api.GET('/api/articles/{slug}', {params}))
	    .response.status, 404, 'and gone');
}
