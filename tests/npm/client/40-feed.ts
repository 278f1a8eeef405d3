// SPDX-License-Identifier: MIT
// needs: get /api/articles/feed
import {type Client, type State, expect, same} from './main.js';

export async function step(api: Client, _state: State): Promise<void> {
	const {data} = await api.GET('/api/articles/feed', {params: {query: {
		limit: 3}}});

	same(expect(data, 'feed').articlesCount, 0, 'nobody is followed');
}
