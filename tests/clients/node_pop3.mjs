// SPDX-License-Identifier: MIT
// usage: PASSWORD=... node node_pop3.mjs PORT TRANSPORT USER keep|delete FOLDER
// Fetches every message into FOLDER/<number>, and prints how many there were.
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import Pop3Command from 'node-pop3';

const [port, transport, user, what, folder] = process.argv.slice(2);
const client = new Pop3Command({
	host: 'localhost', port: Number(port), tls: transport === 'implicit',
	user, password: process.env.PASSWORD, timeout: 60000,
});

const count = (await client.UIDL()).length;
for (let i = 1; i <= count; i++) {
	const [, body] = await client.command('RETR', i);
	await pipeline(body, createWriteStream(`${folder}/${i}`));
	if (what === 'delete')
		await client.command('DELE', i);
}
await client.QUIT();
console.log(count);
