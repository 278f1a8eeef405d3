// SPDX-License-Identifier: MIT
import {type Client, type State, expect, same} from './client.js';

export async function step(api: Client, state: State): Promise<void> {
	const token = state.token;
	const begun = await api.POST('/api/sessions', {body: {session: {
		email: `${state.name}@example.org`, password: state.password}}});
	const {id, refreshToken, user} = expect(begun.data, 'session').session;

	same(user.username, state.name, 'whose it is');
	const refreshed = await api.POST('/api/sessions/refresh', {
		body: {refreshToken}});
	const next = expect(refreshed.data, 'refreshed').session;
	const seconds: number = next.expiresIn;
	same(next.id, id, 'the same session');
	same(seconds > 0, true, 'for some time');
	same(next.refreshToken === refreshToken, false, 'another token');

	state.token = next.accessToken;
	const me = await api.GET('/api/user');
	same(expect(me.data, 'me').user.username, state.name, 'me');
	const all = await api.GET('/api/user/sessions');
	same(expect(all.data, 'all').sessions.filter((s) => s.current)
	    .map((s) => s.id), [id], 'it is in the list');
	same((await api.DELETE('/api/sessions/current')).response.status, 204,
	    'log out');
	same((await api.GET('/api/user')).response.status, 401, 'and out');
	state.token = token;
}
