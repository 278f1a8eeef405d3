// SPDX-License-Identifier: MIT
import {type Client, type State, expect, same} from './client.js';

export async function step(api: Client, state: State): Promise<void> {
	const {password} = state;

	for (const username of [state.name, state.other]) {
		const {data} = await api.POST('/api/users', {body: {user: {
			username, email: `${username}@example.org`, password}}});
		const bio: string | null = expect(data, 'user').user.bio;

		same(bio, null, 'bio');
	}
	const taken = await api.POST('/api/users', {body: {user: {
		username: state.name, email: 'new@example.org', password}}});
	same(taken.error?.errors, {username: ['has already been taken']}, 'taken');

	const {data} = await api.POST('/api/users/login', {body: {user: {
		email: `${state.name}@example.org`, password}}});
	state.token = expect(data, 'login').user.token;

	const me = await api.GET('/api/user');
	same(expect(me.data, 'me').user.username, state.name, 'me');
}
