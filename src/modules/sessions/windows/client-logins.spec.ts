import fc from 'fast-check';
import { encodeRows, type RawRows } from '../../../platform/database/snapshots/raw-rows.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { type ClientSessions, ClientLogins, type LoginRange, loginRange } from './client-logins.js';
import { positionAt } from './session-row.js';

const START = Date.UTC(2021, 0, 1);
const YEAR = 365 * 86_400_000;

interface Login {
  readonly id: number;
  readonly login: string;
}

/** Index of the first element for which the condition holds; it holds for all later ones. */
function firstWhere(sorted: readonly Login[], condition: (login: Login) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (condition(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Sessions in memory. It counts the sessions that a database would read. */
class Stored implements ClientSessions {
  read = 0;
  statements = 0;
  private readonly sorted: Login[];

  /** @param logins of the clients @param others logins of other clients */
  constructor(
    logins: readonly number[],
    private readonly others: readonly number[] = [],
  ) {
    this.sorted = logins
      .map((ms, i) => ({ id: i + 1, login: toInstantText(ms) }))
      .sort((a, b) => (a.login < b.login ? -1 : a.login > b.login ? 1 : a.id - b.id));
  }

  async all(range: LoginRange, most: number): Promise<RawRows | null> {
    const found = this.within(range);
    this.read += Math.min(found.length, most + 1);
    return found.length > most ? null : rows(found);
  }

  async first(range: LoginRange, limit: number): Promise<RawRows> {
    const found = this.within(range);
    this.read += found.length;
    return rows(found.slice(0, limit));
  }

  async bounds({ from, until }: LoginRange): Promise<[string, string] | null> {
    this.statements++;
    const logins = [...this.sorted.map(({ login }) => login), ...this.others.map(toInstantText)].sort();
    const inside = logins.filter((login) => login >= from.login && login < until);
    return inside.length === 0 ? null : [inside[0]!, inside.at(-1)!];
  }

  private within({ from, until }: LoginRange) {
    this.statements++;
    const isAfter = (s: Login) => s.login > from.login || (s.login === from.login && s.id > from.id);
    return this.sorted.slice(
      firstWhere(this.sorted, isAfter),
      firstWhere(this.sorted, (s) => s.login >= until),
    );
  }

  get ids(): number[] {
    return this.sorted.map(({ id }) => id);
  }
}

const rows = (found: readonly Login[]) => encodeRows(found.map(({ id, login }) => [id, 1, 1, login, null]));
const everything = loginRange({ start: null, end: null }, null);

async function readAll(logins: ClientLogins, limit: number): Promise<number[]> {
  const ids: number[] = [];
  for (;;) {
    const page = await logins.next(limit);
    for (let i = 0; i < page.count; i++) ids.push(positionAt(page, i).id);
    if (page.count < limit) return ids;
  }
}

const spread = (count: number, from: number, lengthMs: number) =>
  Array.from({ length: count }, (_, i) => from + Math.floor((i * lengthMs) / count));

describe('ClientLogins', () => {
  it('returns every session once, in order, for any distribution and page size', async () => {
    const cluster = fc
      .tuple(fc.integer({ min: 0, max: YEAR }), fc.constantFrom(1, 50, 3000), fc.constantFrom(0, 1, 1000, YEAR))
      .map(([from, count, length]) => spread(count, START + from, length));
    await fc.assert(
      fc.asyncProperty(fc.array(cluster, { maxLength: 4 }), fc.constantFrom(7, 500, 4000), async (clusters, limit) => {
        const stored = new Stored(clusters.flat(), [START - YEAR]);
        expect(await readAll(new ClientLogins(stored, everything), limit)).toEqual(stored.ids);
      }),
      { numRuns: 15 },
    );
  });

  it('reads few sessions with one statement', async () => {
    const stored = new Stored(spread(5000, START, YEAR));
    await readAll(new ClientLogins(stored, everything), 4000);
    expect([stored.statements, stored.read]).toEqual([1, 5000]);
  });

  it.each([
    ['spread evenly', spread(40_000, START, YEAR)],
    ['all on the last day', [START, ...spread(40_000, START + 3 * YEAR, 86_400_000)]],
    ['all at one instant but the first', [START, ...Array<number>(8000).fill(START + YEAR)]],
  ])('reads less than three times as many sessions as it returns, %s', async (_, logins) => {
    const stored = new Stored(logins);
    expect(await readAll(new ClientLogins(stored, everything), 4000)).toHaveLength(logins.length);
    expect(stored.read).toBeLessThan(3 * logins.length);
    expect(stored.statements).toBeLessThan(60);
  });

  it('stops after the pages that are asked for', async () => {
    const stored = new Stored(spread(40_000, START, YEAR));
    await new ClientLogins(stored, everything).next(100);
    expect(stored.read).toBeLessThan(4000);
  });

  it('starts after a position and ends before the end of the window', async () => {
    const logins = [START, START, START + 1, START + 2, START + 3];
    const [start, end] = [toInstantText(START), toInstantText(START + 2)];
    const read = (window: { start: string | null; end: string | null }, after = null as number | null) => {
      const position = after === null ? null : { login: start, id: after };
      return readAll(new ClientLogins(new Stored(logins), loginRange(window, position)), 10);
    };
    expect(await read({ start, end })).toEqual([1, 2, 3]);
    expect(await read({ start, end }, 1)).toEqual([2, 3]);
    expect(await read({ start: end, end })).toEqual([4]);
    const last = '9999-12-31 23:59:59.999';
    expect(await read({ start: last, end: last })).toEqual([]);
  });

  it('finds the n-th session', async () => {
    const stored = new Stored(spread(9000, START, YEAR));
    const nth = (n: number) => new ClientLogins(stored, everything).nth(n, 4000);
    expect((await nth(1))?.id).toBe(1);
    expect((await nth(4000))?.id).toBe(4000);
    expect((await nth(9000))?.id).toBe(9000);
    expect(await nth(9001)).toBeNull();
  });
});
