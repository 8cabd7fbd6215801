import type { Application } from './application.js';

/** Creates keys of callers that read sessions. */
export async function callerKeys(app: Application, callers: number): Promise<string[]> {
  const admin = await app.cli('keys', 'create', '--name', 'bench', '--scope', 'admin');
  const keys: string[] = [];
  for (let n = 0; n < callers; n++) {
    const answer = await fetch(`${app.url}/api/v1/keys`, {
      method: 'POST',
      headers: { ApiKey: admin, 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: `caller ${n}`, scopes: ['sessions:read'] }),
    });
    if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
    keys.push(((await answer.json()) as { key: string }).key);
  }
  return keys;
}
