import type { Application } from '../application.js';

const LIMIT_MS = 20_000;

/**
 * Creates a key, uses it in every process, and revokes it in the first one.
 *
 * @returns milliseconds from the answer to the revocation until no process accepts the key
 */
export async function revocationTime(apps: readonly Application[], admin: string): Promise<number> {
  const api = `${apps[0]!.url}/api/v1/keys`;
  const headers = { ApiKey: admin, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ name: 'to be revoked', scopes: ['sessions:read'] });
  const created = await answered(() => fetch(api, { method: 'POST', headers, body }), 201);
  const { key, prefix } = (await created.json()) as { key: string; prefix: string };
  const use = ({ url }: Application) =>
    fetch(`${url}/ekranapi/sessions?start=2020-01-01&end=2020-01-02`, { headers: { ApiKey: key } });
  for (const app of apps) await answered(() => use(app), 200);
  await answered(() => fetch(`${api}/${prefix}/revoke`, { method: 'POST', headers, body: '{}' }), 200);
  const revoked = performance.now();
  for (const app of apps) await answered(() => use(app), 401);
  return Math.round(performance.now() - revoked);
}

/** Asks until the answer has this status. */
async function answered(ask: () => Promise<Response>, status: number): Promise<Response> {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    const answer = await ask();
    if (answer.status === status) return answer;
    const text = await answer.text();
    if (performance.now() > deadline) throw new Error(`${answer.status} instead of ${status}: ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
