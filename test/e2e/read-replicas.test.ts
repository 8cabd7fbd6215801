import { readFileSync } from 'node:fs';
import { pollUntil, runSql } from '../support/audit.js';
import { type DatedAnswer, type ReadingApp, WINDOW, count, startReadingApp } from '../support/reading-app.js';
import { ReplicatedServer } from '../support/replication.js';

const MAX_LAG_MS = 3000;
const LIST = '/api/v1/sessions?from=2021-01-01&to=2021-01-02&limit=2';

/** What this test reads of openapi.json. */
interface Document {
  readonly paths: Record<
    string,
    {
      readonly get?: {
        readonly parameters: readonly { readonly name: string }[];
        readonly responses: Record<string, { readonly headers?: Record<string, unknown> }>;
      };
    }
  >;
}

describe('reads with two asynchronous replicas', () => {
  const servers = new ReplicatedServer();
  let replicas: string[];
  let app: ReadingApp;
  let sent = 0;

  const get = (path: string, headers?: Record<string, string>) => app.get(path, headers);
  const fromWriter = (path: string) => get(path, { Prefer: 'respond-async, writer' });
  const send = async () => {
    sent = await app.send();
  };
  /** Answers until one is as expected, at most for seconds. */
  const until = (isExpected: (answer: DatedAnswer) => boolean) => pollUntil(() => get(WINDOW), isExpected);

  beforeAll(async () => {
    replicas = await servers.start(2);
    app = await startReadingApp(servers.url, replicas, MAX_LAG_MS);
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

  it('are what the documentation says: each route that may read from a replica does', async () => {
    const { paths } = JSON.parse(readFileSync('openapi.json', 'utf8')) as Document;
    const documented = Object.entries(paths).filter(
      ([, { get: route }]) => route?.responses['200']?.headers?.['Data-As-Of'],
    );
    expect(documented.length).toBeGreaterThan(12);
    const bounds = { from: '2021-01-01', to: '2021-01-02', start: '2021-01-01', end: '2021-01-02' };
    for (const [path, { get: route }] of documented) {
      const known = route!.parameters
        .filter(({ name }) => name in bounds)
        .map(({ name }) => name as keyof typeof bounds);
      const query = new URLSearchParams(known.map((name): [string, string] => [name, bounds[name]]));
      const address = `${path}?${query.toString()}`;
      const answer = await pollUntil(
        () => get(address),
        ({ asOf }) => asOf !== null,
      );
      expect([path, answer.status, answer.asOf !== null]).toEqual([path, 200, true]);
      expect([path, (await fromWriter(address)).asOf]).toEqual([path, null]);
    }
    const file = await get(LIST.replace('&limit=2', ''), { Accept: 'application/x-ndjson' });
    expect([file.status, file.asOf !== null]).toEqual([200, true]);
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
      const next = ({ body }: DatedAnswer) => (JSON.parse(body) as { next: string }).next;
      const page = (first: DatedAnswer) => get(`${LIST}&cursor=${next(first)}`);
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

  it('leave out a replica that lacks a migration, or has one that this build does not know', async () => {
    const change = (...statements: string[]) =>
      Promise.all(replicas.map((replica) => runSql(`${replica}replicated`, ...statements)));
    await until(({ asOf }) => asOf !== null);
    await change("INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Newer')");
    expect((await get(WINDOW)).asOf).toBeNull();
    await change("DELETE FROM migrations WHERE name = 'Newer'");
    expect((await until(({ asOf }) => asOf !== null)).asOf).not.toBeNull();
  });

  it('keep single sessions, which follow an ingestion, on the writer', async () => {
    await send();
    const [row] = await runSql<{ id: number }>(app.databaseUrl, 'SELECT MAX(id) AS id FROM sessions');
    const { status, asOf } = await get(`/api/v1/sessions/${row!.id}`);
    expect([status, asOf]).toEqual([200, null]);
  });
});
