// SPDX-License-Identifier: MIT
import {type Client, type State, expect, same} from './client.js';

export async function step(api: Client, state: State): Promise<void> {
	const params = {path: {slug: state.slug}};
	const favorite = '/api/articles/{slug}/favorite';
	const liked = await api.POST(favorite, {params});

	same(expect(liked.data, 'article').article.favoritesCount, 1, 'one');
	const not = await api.DELETE(favorite, {params});
	same(expect(not.data, 'article').article.favorited, false, 'none');
}
