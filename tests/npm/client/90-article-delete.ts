// SPDX-License-Identifier: MIT
// needs: delete /api/articles/{slug}
import {type Client, type State, same} from './main.js';

export async function step(api: Client, state: State): Promise<void> {
	const params = {path: {slug: state.slug}};

	same((await api.DELETE('/api/articles/{slug}', {params}))
	    .response.status, 204, 'delete');
	same((await api.GET('/api/articles/{slug}', {params}))
	    .response.status, 404, 'and gone');
}
