import { createConnection } from 'mysql2/promise';
import type { DataSource } from 'typeorm';
import { databaseRows } from '../../bench/support/database-rows.js';
import { TreeCheck } from '../../bench/support/tree-check.js';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { Clock } from '../../src/platform/time/clock.js';
import { type TestApp, startApp, startAppOn } from '../support/app.js';
import { engines } from '../support/engines.js';
import { ingest } from '../support/http.js';

const T = Date.UTC(2024, 4, 1, 12);
const HOUR = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

class MovingClock extends Clock {
  now = T;
  override nowMs() {
    return this.now;
  }
}

interface Item {
  readonly seq: number;
  readonly kind: string;
  readonly at: string;
  readonly sessionId: number;
  readonly version: number;
  readonly session: { version: number; externalId: string; state: string; client: { guid: string } } | null;
}

interface Answer {
  readonly items: Item[];
  readonly next: number;
  readonly caughtUp: boolean;
}

const record = (externalId: string, more: object = {}) => ({
  ...{ externalId, clientGuid: 'm', clientName: 'M', userName: 'ada', loginDate: iso(T), logoutDate: null },
  ...more,
});

const get = async (app: TestApp, key: string, query = ''): Promise<{ status: number; body: Answer }> => {
  const answer = await fetch(`${app.url}/api/v1/changes${query}`, { headers: { ApiKey: key } });
  return { status: answer.status, body: (await answer.json()) as Answer };
};

/** Reads on until everything that is committed has its place. */
async function follow(app: TestApp, key: string, after: number, count: number, filter = ''): Promise<Item[]> {
  const items: Item[] = [];
  for (let place = after; items.length < count;) {
    const { status, body } = await get(app, key, `?after=${place}&wait=5s${filter}`);
    expect(status).toBe(200);
    if (body.items.length === 0 && body.caughtUp) break;
    items.push(...body.items);
    place = body.next;
  }
  return items;
}

describe.each(engines)('GET /api/v1/changes on $name', (engine) => {
  const clock = new MovingClock();
  let app: TestApp;
  let key: string;
  let sender: string;
  let db: DataSource;

  beforeAll(async () => {
    app = await startApp(engine, { LOST_AFTER: HOUR }, clock);
    key = await app.key('changes:read');
    sender = await app.key('ingest:write');
    ({ dataSource: db } = await openDataSource(app.config.DATABASE_URL, 2));
  });
  beforeEach(() => {
    clock.now = T;
  });
  afterAll(async () => {
    await db?.destroy();
    await app?.close();
  });

  const end = async () => Number(((await db.query('SELECT size FROM change_head')) as { size: unknown }[])[0]!.size);
  const send = async (...records: object[]) => {
    expect((await ingest(app.url, sender, records)).rejected).toBe(0);
  };

  it('shows nothing, and is caught up, before there is a change', async () => {
    expect(await get(app, key)).toEqual({ status: 200, body: { items: [], next: 0, caughtUp: true } });
  });

  it('tells what happened to a session, and shows it as it is now', async () => {
    const from = await end();
    await send(record('kinds'));
    await send(record('kinds', { activities: [{ at: iso(T + 1000), application: 'a' }] }));
    await send(record('kinds', { activities: [{ at: iso(T + 1000), application: 'a' }] })); // changes nothing
    await follow(app, key, from, 2);
    clock.now = T + 3 * HOUR;
    expect(await app.markLost()).toBeGreaterThanOrEqual(1);
    await send(record('kinds', { lastSeen: iso(clock.now) }));
    await send(record('kinds', { logoutDate: iso(clock.now) }));
    const items = await follow(app, key, from, 5);
    expect(items.map(({ kind, version }) => [kind, version])).toEqual([
      ...[['created', 1], ['updated', 2], ['lost', 3], ['reopened', 4], ['ended', 5]], // prettier-ignore
    ]);
    expect(items.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5].map((n) => from + n));
    for (const { session } of items)
      expect(session).toMatchObject({ version: 5, externalId: 'kinds', state: 'ended', client: { guid: 'm' } });
  });

  it('goes on with next, which also passes what the filter leaves out', async () => {
    const from = await end();
    await send(record('f1', { clientGuid: 'other' }), record('f2'), record('f3', { clientGuid: 'other' }));
    await follow(app, key, from, 3);
    const { body: first } = await get(app, key, `?after=${from}&limit=1&client=other`);
    expect([first.items.map(({ session }) => session!.externalId), first.next, first.caughtUp]).toEqual([
      ...[['f1'], from + 1, false],
    ]);
    const { body: second } = await get(app, key, `?after=${first.next}&client=other`);
    expect([second.items.map(({ session }) => session!.externalId), second.next, second.caughtUp]).toEqual([
      ...[['f3'], from + 3, true],
    ]);
    const { body: none } = await get(app, key, `?after=${from}&kind=deleted&kind=erased`);
    expect(none).toEqual({ items: [], next: from + 3, caughtUp: true });
    const limited = await app.limitedKey({ scopes: ['changes:read'], clientGuids: ['m'] });
    const { body: own } = await get(app, limited, `?after=${from}`);
    expect([own.items.map(({ session }) => session!.externalId), own.next]).toEqual([['f2'], from + 3]);
    const unknown = await app.limitedKey({ scopes: ['changes:read'], clientGuids: ['unknown'] });
    expect((await get(app, unknown, `?after=${from}`)).body).toEqual({ items: [], next: from + 3, caughtUp: true });
  });

  it('holds an answer with wait until there is a change, of this process or another one', async () => {
    const from = await end();
    expect((await get(app, key, `?after=${from}&wait=50ms`)).body).toEqual({ items: [], next: from, caughtUp: true });
    const other = await startAppOn(app.config.DATABASE_URL, { LOST_AFTER: HOUR }, clock);
    try {
      for (const through of [app, other]) {
        const place = await end();
        const waiting = get(app, key, `?after=${place}&wait=20s&client=m`);
        await ingest(through.url, sender, [record(`away${place}`, { clientGuid: 'other' })]); // does not end the wait
        await ingest(through.url, sender, [record(`wanted${place}`)]);
        const { body } = await waiting;
        expect(body.items.map(({ session }) => session!.externalId)).toEqual([`wanted${place}`]);
      }
    } finally {
      await other.close();
    }
  }, 60_000);

  it('refuses a place that was removed or does not exist yet, and parameters that it does not understand', async () => {
    const size = await end();
    expect(await get(app, key, `?after=${size + 1}`)).toMatchObject({
      status: 400,
      body: { errors: [{ parameter: 'after', detail: `is ${size + 1}, and the log has ${size} entries` }] },
    });
    await db.query('UPDATE change_head SET removed = 2');
    expect(await get(app, key, '?after=1')).toMatchObject({
      status: 410,
      body: { type: 'urn:session-audit:problem:position-removed', detail: expect.stringContaining('after=2') },
    });
    expect((await get(app, key, '?after=2&limit=1')).body.items.map(({ seq }) => seq)).toEqual([3]);
    await db.query('UPDATE change_head SET removed = 0');
    for (const query of ['?after=-1', '?wait=51s', '?kind=gone', '?limit=0', '?cursor=x', '?order=desc'])
      expect((await get(app, key, query)).status).toBe(400);
  });

  it('answers up to a missing place, and says that the rest cannot be read', async () => {
    await send(record('gap1'), record('gap2'), record('gap3'));
    const size = await end();
    await follow(app, key, size - 1, 1);
    const [row] = (await db.query('SELECT * FROM session_changes WHERE seq = ?', [size - 1])) as Record<
      string,
      unknown
    >[];
    await db.query('DELETE FROM session_changes WHERE seq = ?', [size - 1]);
    const { body } = await get(app, key, `?after=${size - 3}`);
    expect([body.items.map(({ seq }) => seq), body.next, body.caughtUp]).toEqual([[size - 2], size - 2, false]);
    expect((await get(app, key, `?after=${size - 2}`)).status).toBe(503);
    const columns = Object.keys(row!);
    await db.query(
      `INSERT INTO session_changes (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      Object.values(row!),
    );
  });

  if (engine.url !== undefined)
    it('does not wait for a transaction that is still running, whose changes come after its commit', async () => {
      const from = await end();
      const slow = await createConnection(app.config.DATABASE_URL);
      try {
        await slow.beginTransaction();
        const hash = 'a'.repeat(64);
        await slow.query(
          `INSERT INTO change_outbox (at, changes) VALUES ('2024-05-01 12:00:00.000', '[[1000000,1,2,1,"${hash}",0,null]]')`,
        );
        await send(record('fast'));
        const [fast] = await follow(app, key, from, 1);
        expect([fast!.seq, fast!.session!.externalId]).toEqual([from + 1, 'fast']);
        await slow.commit();
        await send(record('next'));
        const [late] = await follow(app, key, from + 1, 1);
        expect([late!.seq, late!.sessionId, late!.session]).toEqual([from + 2, 1_000_000, null]);
      } finally {
        await slow.end();
      }
    });

  it('gives a follower an exact copy while several processes ingest, and a tree that fits its entries', async () => {
    const from = await end();
    const other = await startAppOn(app.config.DATABASE_URL, { LOST_AFTER: HOUR }, clock);
    const copy = new Map<number, Item>();
    let isDone = false;
    const following = (async () => {
      let place = from;
      for (let isEnd = false; !isEnd;) {
        const wasDone = isDone;
        const { body } = await get(app, key, `?after=${place}&wait=200ms&limit=37`);
        expect(body.items.map(({ seq }) => seq)).toEqual(body.items.map((_item, i) => place + i + 1));
        for (const item of body.items)
          if ((copy.get(item.sessionId)?.version ?? 0) < item.version) copy.set(item.sessionId, item);
        place = body.next;
        isEnd = wasDone && body.items.length === 0;
      }
    })();
    try {
      const senders = Array.from({ length: 8 }, async (_none, i) => {
        const to = i % 2 === 0 ? app : other;
        for (let n = 0; n < 12; n++) {
          const records = Array.from({ length: 20 }, (_r, k) =>
            record(`c${(i + n + k) % 60}`, { lastSeen: iso(T + (i * 12 + n) * 1000), clientGuid: `m${k % 3}` }),
          );
          await ingest(to.url, sender, records);
        }
      });
      await Promise.all(senders);
    } finally {
      await other.close();
      isDone = true;
      await following;
    }
    const rows = (await db.query("SELECT id, version FROM sessions WHERE external_id LIKE 'c%' ORDER BY id")) as {
      id: number;
      version: number;
    }[];
    expect(
      [...copy.values()]
        .filter(({ session }) => session?.externalId.startsWith('c'))
        .map(({ sessionId, version }) => [sessionId, version])
        .sort((a, b) => a[0]! - b[0]!),
    ).toEqual(rows.map(({ id, version }) => [id, version]));
    const tree = new TreeCheck((sql, params) => databaseRows(app.config.DATABASE_URL, sql, params));
    expect(await tree.check()).toEqual([]);
  }, 120_000);
});
