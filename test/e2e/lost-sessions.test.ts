import type { DataSource } from 'typeorm';
import { Clock } from '../../src/platform/time/clock.js';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { type TestApp, startApp, startAppOn } from '../support/app.js';
import { engines } from '../support/engines.js';
import { ingest } from '../support/http.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const T = Date.UTC(2024, 4, 1, 12);
const iso = (ms: number) => new Date(ms).toISOString();

class MovingClock extends Clock {
  now = T;
  override nowMs() {
    return this.now;
  }
}

describe.each(engines)('sessions that end without a logout on $name', (engine) => {
  const clock = new MovingClock();
  let app: TestApp;
  let key: string;
  let db: DataSource;
  let runs = 0;

  beforeAll(async () => {
    app = await startApp(engine, { LOST_AFTER: HOUR }, clock);
    key = await app.key('ingest:write', 'sessions:read');
    ({ dataSource: db } = await openDataSource(app.config.DATABASE_URL, 1));
  });
  beforeEach(() => {
    clock.now = T;
  });
  afterAll(async () => {
    await db?.destroy();
    await app?.close();
  });

  const fresh = () => `e${++runs}`;
  const send = async (externalId: string, login: number, more: object = {}, to = app) => {
    const record = { externalId, clientGuid: 'm', clientName: 'M', userName: 'ada', loginDate: iso(login) };
    const { results } = await ingest(to.url, key, [{ ...record, logoutDate: null, ...more }]);
    return results[0]!.status;
  };
  /** The stored end in milliseconds since 1970. */
  const written = async (externalId: string) => {
    const [row] = (await db.query('SELECT ended_at AS e, logout_at AS l FROM sessions WHERE external_id = ?', [
      externalId,
    ])) as { e: string | Date | null; l: unknown }[];
    const { e } = row!;
    return e === null ? null : typeof e === 'string' ? Date.parse(`${e.replace(' ', 'T')}Z`) : e.getTime();
  };
  const shown = async (login: number, from = app) => {
    const answer = await fetch(`${from.url}/ekranapi/sessions?start=${iso(login)}&end=${iso(login + 1)}`, {
      headers: { ApiKey: key },
    });
    const all = await fetch(`${from.url}/ekranapi/sessions?start=${iso(login)}`, { headers: { ApiKey: key } });
    expect(answer.status).toBe(200);
    const rows = (await all.json()) as { loginDate: string; logoutDate: string | null }[];
    const { logoutDate } = rows.find((row) => Date.parse(row.loginDate) === login)!;
    return logoutDate === null ? null : Date.parse(logoutDate);
  };

  it('get an estimated end on ingestion when their record is old: the last activity or lastSeen', async () => {
    const [a, b] = [fresh(), fresh()];
    await send(a, T - 10 * HOUR, { activities: [{ at: iso(T - 9 * HOUR) }, { at: iso(T - 8 * HOUR) }] });
    await send(b, T - 20 * HOUR, { lastSeen: iso(T - 19 * HOUR) });
    expect([await written(a), await written(b)]).toEqual([T - 8 * HOUR, T - 19 * HOUR]);
    expect([await shown(T - 10 * HOUR), await shown(T - 20 * HOUR)]).toEqual([T - 8 * HOUR, T - 19 * HOUR]);
  });

  it('become live again with a later sign of life, and end with their logout', async () => {
    const e = fresh();
    await send(e, T - 30 * HOUR);
    expect(await written(e)).toBe(T - 30 * HOUR);
    expect(await send(e, T - 30 * HOUR, { activities: [{ at: iso(T - MINUTE) }] })).toBe('updated');
    expect([await written(e), await shown(T - 30 * HOUR)]).toEqual([null, null]);
    await send(e, T - 30 * HOUR, { logoutDate: iso(T - 29 * HOUR) });
    expect([await written(e), await shown(T - 30 * HOUR)]).toEqual([T - 29 * HOUR, T - 29 * HOUR]);
  });

  it('stay unchanged when the same record is sent again', async () => {
    const e = fresh();
    await send(e, T - 40 * HOUR);
    expect(await send(e, T - 40 * HOUR)).toBe('unchanged');
    expect(await written(e)).toBe(T - 40 * HOUR);
  });

  it('are reported as ended as soon as they are lost, and stored as ended a few minutes later', async () => {
    const e = fresh();
    const login = T + 7;
    await send(e, login);
    clock.now = login + HOUR;
    expect(await shown(login)).toBe(null);
    clock.now = login + HOUR + 1;
    expect(await shown(login)).toBe(login);
    await app.markLost();
    expect(await written(e)).toBe(null);
    clock.now = login + HOUR + 6 * MINUTE;
    expect(await app.markLost()).toBeGreaterThan(0);
    expect([await written(e), await shown(login)]).toEqual([login, login]);
    expect(await app.markLost()).toBe(0);
  });

  it('are marked in batches, and a concurrent record keeps its session open', async () => {
    const login = T + 10 * HOUR;
    const guid = fresh();
    const ids = Array.from({ length: 2500 }, (_, i) => `${guid}-${i}`);
    const record = { clientGuid: 'm', clientName: 'M', userName: 'ada', loginDate: iso(login), logoutDate: null };
    clock.now = login;
    await ingest(
      app.url,
      key,
      ids.map((externalId) => ({ ...record, externalId })),
    );
    clock.now = login + 2 * HOUR;
    const marking = app.markLost();
    const alive = ids.slice(0, 50);
    await ingest(
      app.url,
      key,
      alive.map((externalId) => ({ ...record, externalId, lastSeen: iso(clock.now) })),
    );
    await marking;
    await app.markLost();
    const like = [`${guid}-%`];
    const open: { external_id: string }[] = await db.query(
      'SELECT external_id FROM sessions WHERE external_id LIKE ? AND ended_at IS NULL ORDER BY id',
      like,
    );
    expect(open.map((row) => row.external_id)).toEqual(alive);
  }, 60_000);

  it('are revised when a process starts with a longer LOST_AFTER, even after an interrupted start', async () => {
    const e = fresh();
    const login = T - 50 * HOUR;
    await send(e, login);
    expect(await written(e)).toBe(login);
    const start = async (LOST_AFTER: number | 'off') => {
      await (await startAppOn(app.config.DATABASE_URL, { LOST_AFTER }, clock)).close();
      return written(e);
    };
    expect(await start(100 * HOUR)).toBe(null);
    await db.query("INSERT INTO settings (name, value) VALUES ('lost-after-revision', 'x')");
    await db.query("UPDATE settings SET value = 'off' WHERE name = 'lost-after'");
    await db.query('UPDATE sessions SET ended_at = last_seen_at WHERE external_id = ?', [e]);
    expect(await start('off')).toBe(null);
    expect(await db.query("SELECT name FROM settings WHERE name = 'lost-after-revision'")).toEqual([]);
    await start(HOUR);
    expect(await written(e)).toBe(null);
    await app.markLost();
    expect(await written(e)).toBe(login);
  }, 60_000);

  it('get no stored end from a process with an outdated LOST_AFTER, whose answers are still correct', async () => {
    const other = await startAppOn(app.config.DATABASE_URL, { LOST_AFTER: 1000 * HOUR }, clock);
    try {
      const e = fresh();
      const login = T - 60 * HOUR;
      expect(await send(e, login)).toBe('created');
      expect(await app.markLost()).toBe(0);
      expect(await written(e)).toBe(null);
      expect([await shown(login), await shown(login, other)]).toEqual([login, null]);
    } finally {
      await other.close();
      await (await startAppOn(app.config.DATABASE_URL, { LOST_AFTER: HOUR }, clock)).close();
    }
  });
});
