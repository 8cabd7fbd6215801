import type { Application } from './application.js';

/**
 * Follows the change log while `flood` runs, until it has all entries.
 *
 * @param entries how many there will be
 * @returns milliseconds from the instant of each entry, which its transaction takes before its commit, to its arrival; ascending
 */
export async function followDuring(
  app: Application,
  key: string,
  entries: number,
  flood: () => Promise<void>,
): Promise<number[]> {
  const lags: number[] = [];
  const flooding = flood();
  for (let after = 0; after < entries;) {
    const url = `${app.url}/api/v1/changes?after=${after}&limit=1000&wait=5s`;
    const answer = await fetch(url, { headers: { ApiKey: key } });
    if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
    const { items, next } = (await answer.json()) as { items: { at: string }[]; next: number };
    const now = Date.now();
    for (const { at } of items) lags.push(now - Date.parse(at));
    after = next;
  }
  await flooding;
  return lags.sort((a, b) => a - b);
}
