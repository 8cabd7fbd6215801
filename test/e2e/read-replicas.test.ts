import { migrate } from '../../src/cli/context.js';
import { createApp, type App } from '../../src/app.setup.js';
import { AppConfig } from '../../src/config/app-config.js';
import { COMMAND_LINE } from '../../src/modules/access/keys/actor.js';
import { KeysService } from '../../src/modules/access/keys/keys.service.js';
import { ChangeSequencerService } from '../../src/modules/changes/log/change-sequencer.service.js';
import { ReplicaMonitor } from '../../src/platform/database/replicas/replica-monitor.js';
import { pollUntil, runSql } from '../support/audit.js';
import { ingest } from '../support/http.js';
import { ReplicatedServer } from '../support/replication.js';

const DATABASE = 'replicated';
const MAX_LAG_MS = 3000;
const WINDOW = '/ekranapi/sessions?start=2021-01-01&end=2021-01-02';
const LIST = '/api/v1/sessions?from=2021-01-01&to=2021-01-02&limit=2';

interface Answer {
  readonly status: number;
  /** `Data-As-Of`; null when the writer answered. */
  readonly asOf: string | null;
  readonly tag: string | null;
  readonly body: string;
}

describe('reads with two asynchronous replicas', () => {
  const servers = new ReplicatedServer();
  let replicas: string[];
  let app: App;
  let url: string;
  let key: string;
  let sent = 0;

  const get = async (path: string, headers: Record<string, string> = {}): Promise<Answer> => {
    const answer = await fetch(`${url}${path}`, { headers: { ApiKey: key, ...headers } });
    const { status } = answer;
    return {
      status,
      asOf: answer.headers.get('data-as-of'),
      tag: answer.headers.get('etag'),
      body: await answer.text(),
    };
  };
  const fromWriter = (path: string) => get(path, { Prefer: 'respond-async, writer' });
  const send = async () => {
    const loginDate = new Date(Date.UTC(2021, 0, 1) + 1000 * ++sent).toISOString();
    const names = { externalId: `e${sent}`, clientGuid: 'c', clientName: 'c', userName: 'u' };
    await ingest(url, key, [{ ...names, loginDate, logoutDate: loginDate }]);
  };
  const count = ({ body }: Answer) => (JSON.parse(body) as unknown[]).length;
  /** Answers until one is as expected, at most for seconds. */
  const until = (isExpected: (answer: Answer) => boolean) => pollUntil(() => get(WINDOW), isExpected);

  beforeAll(async () => {
    replicas = await servers.start(2);
    await runSql(`${servers.url}mysql`, `CREATE DATABASE ${DATABASE}`);
    const config = Object.assign(new AppConfig(), {
      ...{ DATABASE_URL: `${servers.url}${DATABASE}`, LOST_AFTER: 'off', LOG_LEVEL: 'error', AUDIT_CHECKPOINTS: 'off' },
      ...{ DATABASE_READ_URL: replicas.map((replica) => `${replica}${DATABASE}`).join(','), DB_POOL_SIZE: 4 },
      DATABASE_READ_MAX_LAG: MAX_LAG_MS,
    });
    await migrate(config);
    app = await createApp(config);
    app.get(ReplicaMonitor).start();
    app.get(ChangeSequencerService).start();
    await app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}`;
    const scopes = ['sessions:read', 'ingest:write'] as const;
    const unlimited = { expiresAt: null, cidrs: null, clientGuids: null };
    ({ key } = await app.get(KeysService).create({ name: 'k', scopes: [...scopes], ...unlimited }, COMMAND_LINE));
    for (let n = 0; n < 6; n++) await send();
  }, 60_000);
  afterAll(async () => {
    await app?.close();
    await servers.remove();
  });

  it('come from a replica, which says from when its state is, or from the writer if the caller prefers it', async () => {
    const before = Date.now();
    await send();
    const own = await fromWriter(WINDOW);
    expect([own.status, own.asOf, count(own)]).toEqual([200, null, sent]);
    const answer = await until((one) => one.asOf !== null && Date.parse(one.asOf) >= before);
    expect(answer.asOf).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    // Everything that was acknowledged before that instant is in the answer.
    expect(count(answer)).toBe(sent);
    expect(answer.body).toBe(own.body);
  });

  it('never miss what was acknowledged before the instant that they name, and have exact tags', async () => {
    const seen: { sentBefore: number; at: number }[] = [];
    const bodies = new Map<string, string>();
    for (let n = 0; n < 25; n++) {
      await send();
      seen.push({ sentBefore: sent, at: Date.now() });
      for (const answer of await Promise.all([get(WINDOW), get(WINDOW), fromWriter(WINDOW)])) {
        const asOf = answer.asOf === null ? Infinity : Date.parse(answer.asOf);
        const least = Math.max(0, ...seen.filter(({ at }) => at < asOf).map(({ sentBefore }) => sentBefore));
        expect(count(answer)).toBeGreaterThanOrEqual(least);
        expect(bodies.get(answer.tag!) ?? answer.body).toBe(answer.body);
        bodies.set(answer.tag!, answer.body);
        const again = await get(WINDOW, { 'If-None-Match': answer.tag! });
        // The comparison and the answer may come from two servers.
        if (again.status === 200) expect(bodies.get(again.tag!) ?? again.body).toBe(again.body);
        else expect([again.status, again.tag]).toEqual([304, answer.tag]);
      }
    }
    expect(bodies.size).toBeGreaterThan(5);
  });

  it('leave out a replica whose applier has stopped once it is too old, and use it again afterwards', async () => {
    await until(({ asOf }) => asOf !== null);
    for (const replica of replicas) await servers.stopApplier(replica);
    await send();
    // The replicas read on and lack the session, and no answer claims otherwise.
    const late = Date.now();
    const alone = await until(({ asOf }) => asOf === null);
    expect(count(alone)).toBe(sent);
    expect(Date.now() - late).toBeLessThan(MAX_LAG_MS + 2000);
    for (const replica of replicas) await servers.startApplier(replica);
    const back = await until(({ asOf }) => asOf !== null);
    expect([count(back), back.asOf !== null]).toEqual([sent, true]);
  });

  it('do not go back in time from page to page', async () => {
    await until(({ asOf }) => asOf !== null);
    await servers.stopApplier(replicas[1]!);
    try {
      for (let n = 0; n < 2; n++) await new Promise((resolve) => setTimeout(resolve, 600));
      const next = ({ body }: Answer) => (JSON.parse(body) as { next: string }).next;
      const page = (first: Answer) => get(`${LIST}&cursor=${next(first)}`);
      const firsts = await Promise.all([1, 2, 3, 4].map(() => get(LIST)));
      // Both replicas answered, from states of different age.
      const ages = firsts.flatMap(({ asOf }) => asOf ?? []).sort();
      expect(new Set(ages).size).toBe(2);
      for (const first of firsts)
        for (let n = 0; n < 3; n++) {
          const { asOf } = await page(first);
          if (asOf !== null) expect(asOf >= first.asOf!).toBe(true);
        }
      // What the writer has shown may not be on any replica yet.
      expect((await page(await fromWriter(LIST))).asOf).toBeNull();
    } finally {
      await servers.startApplier(replicas[1]!);
    }
  });

  it('do without a replica that is killed or stands still, and use it again afterwards', async () => {
    await until(({ asOf }) => asOf !== null);
    await servers.kill(0);
    servers.freeze(1, true);
    const began = performance.now();
    const answers = await Promise.all(Array.from({ length: 6 }, () => get(WINDOW)));
    expect(answers.map(({ status, asOf }) => [status, asOf])).toEqual(answers.map(() => [200, null]));
    expect(performance.now() - began).toBeLessThan(6000);
    await send();
    expect(count(await get(WINDOW))).toBe(sent);
    servers.freeze(1, false);
    await servers.restart(0);
    const both = new Set<string | null>();
    await pollUntil(
      async () => both.add((await get(WINDOW)).asOf),
      () => [...both].filter((asOf) => asOf !== null).length >= 2,
    );
    expect((await until(({ asOf }) => asOf !== null)).asOf).not.toBeNull();
  });

  it('keep single sessions, which follow an ingestion, on the writer', async () => {
    await send();
    const [row] = await runSql<{ id: number }>(`${servers.url}${DATABASE}`, 'SELECT MAX(id) AS id FROM sessions');
    const { status, asOf } = await get(`/api/v1/sessions/${row!.id}`);
    expect([status, asOf]).toEqual([200, null]);
  });
});
