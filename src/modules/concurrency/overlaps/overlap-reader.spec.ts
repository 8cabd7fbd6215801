import fc from 'fast-check';
import { type ModelSession, overlapsOf } from '../../../../test/support/concurrency-model.js';
import { encodeRows } from '../../../platform/database/snapshots/raw-rows.js';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { type SessionPages, type OverlapLimits, OverlapReader, readPage } from './overlap-reader.js';
import type { OverlapPosition } from './overlaps-question.js';
import { propertyRuns } from '../../../../test/support/property-runs.js';

const BASE = Date.UTC(2021, 2, 1);
const RULES = { zone: 'UTC', now: BASE + 40, lostAfter: null };

type Row = [id: number, client: number, user: number, login: string, end: string | null];

/** Sessions in memory, read in pages of any size. */
class MemorySessions implements SessionPages {
  /** Sessions of users that were looked up. */
  lookedUp = 0;
  private readonly rows: Row[];

  constructor(
    sessions: readonly ModelSession[],
    private readonly pageRows: number,
  ) {
    this.rows = sessions
      .map(({ id, client, user, login, logout }): Row => {
        return [id, Number(client), Number(user), toInstantText(login), logout === null ? null : toInstantText(logout)];
      })
      .sort((a, b) => (a[3] === b[3] ? a[0] - b[0] : a[3] < b[3] ? -1 : 1));
  }

  async *unclippedPages(...[{ window }]: Parameters<SessionPages['unclippedPages']>) {
    const { start } = window;
    const isOpen = ([, , , login, end]: Row) => start !== null && login < start && (end === null || end > start);
    const open = this.rows.filter(isOpen);
    if (open.length > 0) yield encodeRows(open);
    yield* this.pages(this.begun(window), this.pageRows);
  }

  async *loginsOfUser(...[question, , { after, pageSize }]: Parameters<SessionPages['loginsOfUser']>) {
    this.lookedUp++;
    const rows = this.begun(question.window).filter(
      ([id, , user, login]) =>
        user === question.userId && (login > after.login || (login === after.login && id > after.id)),
    );
    yield* this.pages(rows, pageSize);
  }

  private begun({ start, end }: { start: string | null; end: string | null }): Row[] {
    return this.rows.filter(
      ([, , , login]) =>
        (start === null || login >= start) && (end === null || login < end || (start === end && login === end)),
    );
  }

  private *pages(rows: readonly Row[], pageRows: number) {
    for (let from = 0; from < rows.length; from += pageRows) yield encodeRows(rows.slice(from, from + pageRows));
  }
}

const anInstant = fc.nat(30).map((offset) => BASE + offset);
const sessions = fc
  .array(
    fc.record({
      login: anInstant,
      length: fc.option(fc.constantFrom(0, 1, 2, 3, 5, 8, 20), { freq: 8 }),
      client: fc.constantFrom('1', '2', '3'),
      user: fc.constantFrom('1', '2', '3'),
    }),
    { minLength: 10, maxLength: 40 },
  )
  .map((list) =>
    list.map(({ login, length, ...rest }, i): ModelSession => {
      return { ...rest, id: i + 1, login, logout: length === null ? null : login + length, lastSeen: login };
    }),
  );
const bounds = fc
  .tuple(fc.option(anInstant), fc.option(anInstant))
  .map(([a, b]) => (a !== null && b !== null && a > b ? [b, a] : [a, b]) as [number | null, number | null]);
const limits: fc.Arbitrary<OverlapLimits> = fc.record({
  queued: fc.constantFrom(1, 2, 1000),
  queuedSessions: fc.constantFrom(1, 5, 1000),
  patienceRows: fc.constantFrom(0, 3, 1000),
  pageRows: fc.constantFrom(1, 5, 1000),
  userPageRows: fc.constantFrom(1, 2, 100),
});

describe('OverlapReader', () => {
  it('finds the overlaps of the model, whatever its limits and the size of pages are', async () => {
    let lookedUp = 0;
    const pageRows = fc.constantFrom(1, 2, 5, 1000);
    const pageSize = fc.constantFrom(1, 2, 5, 1000, Infinity);
    await fc.assert(
      fc.asyncProperty(
        sessions,
        bounds,
        fc.constantFrom(2, 3),
        fc.tuple(limits, pageRows, pageSize),
        async (all, [fromMs, toMs], minClients, [readerLimits, rows, limit]) => {
          const source = new MemorySessions(all, rows);
          const found: unknown[] = [];
          let position: OverlapPosition | null = null;
          let pages = 0;
          do {
            const question = { fromMs, toMs, minClients, rowScope: null, position };
            const options = { wanted: limit, nowMs: RULES.now, limits: readerLimits };
            const reader = new OverlapReader(question, source, {} as Snapshot, options);
            const page = await readPage(reader, question, { limit, maxRows: readerLimits.pageRows });
            expect(page.overlaps.length).toBeLessThanOrEqual(limit);
            for (const { userId, startMs, endMs, sessions: made } of page.overlaps) {
              const end = endMs === Infinity ? null : endMs;
              found.push({ user: String(userId), start: startMs, end, sessionIds: made.map(({ id }) => id) });
            }
            if (page.next && position) expect(page.next.startMs).toBeGreaterThanOrEqual(position.startMs);
            position = page.next;
            if (++pages > 500) throw new Error('the pages do not end');
          } while (position !== null);
          lookedUp += source.lookedUp;
          const expected = ['1', '2', '3'].flatMap((user) => {
            const own = all.filter((session) => session.user === user);
            return overlapsOf(own, fromMs, toMs, minClients, RULES).map((overlap) => ({ user, ...overlap }));
          });
          expect(found).toEqual(expected.sort((a, b) => a.start - b.start || Number(a.user) - Number(b.user)));
        },
      ),
      { numRuns: propertyRuns(1500) },
    );
    expect(lookedUp).toBeGreaterThan(propertyRuns(300));
  });
});
