import { type TestApp, startApp } from '../support/app.js';
import { auditKey, auditRecords, pollUntil } from '../support/audit.js';
import { engines } from '../support/engines.js';
import { ingest } from '../support/http.js';

interface Read {
  readonly seq: number;
  readonly coverage: string;
  readonly caller: string;
  readonly callerName: string;
  readonly address: string;
  readonly action: string;
  readonly filter: string;
  readonly rows: number | null;
}

const READS = '/api/v1/audit/reads';
const SESSIONS = '/ekranapi/sessions';
const DAY = 'start=2021-01-01&end=2021-01-02';
const session = (externalId: string, clientGuid: string, userName: string, hour: number) => ({
  ...{ externalId, clientGuid, clientName: clientGuid, userName },
  ...{ loginDate: `2021-01-01T${hour}:00:00Z`, logoutDate: `2021-01-01T${hour + 1}:00:00Z` },
});

describe.each(engines)('reads of the sessions of a person on $name', (engine) => {
  let app: TestApp;
  let auditor: string;
  let sessionId: number;
  beforeAll(async () => {
    app = await startApp(engine);
    auditor = await auditKey(app.config.DATABASE_URL);
    const records = [session('a', 'c1', 'alice', 10), session('b', 'c2', 'bob', 12)];
    sessionId = (await ingest(app.url, await app.key('ingest:write'), records)).results[0]!.sessionId;
    const reader = await app.limitedKey({ name: 'reader', scopes: ['sessions:read'] });
    const limited = await app.limitedKey({ name: 'limited', scopes: ['sessions:read'], clientGuids: ['c2'] });
    const calls: [key: string, path: string, method?: string][] = [
      [reader, `${SESSIONS}?${DAY}`],
      [reader, `${SESSIONS}?start=2021-01-01T12:30Z&end=2021-01-01T12:40Z`],
      [reader, `${SESSIONS}?start=2021-01-01T10:30Z&end=2021-01-01T10:31Z`],
      [limited, SESSIONS],
      [reader, `${SESSIONS}?${DAY}&sessionCount=1`, 'POST'],
      [reader, `${SESSIONS}?foo=1`],
      ['wrong', SESSIONS],
      [reader, `/ekranapi/user/getproductivity?${DAY}`],
      [reader, '/api/v1/sessions?user=bob'],
      [reader, '/api/v1/sessions?user=alice&state=ended'],
    ];
    for (const [ApiKey, path, method = 'GET'] of calls) {
      const headers = { ApiKey, Accept: path.startsWith('/api') ? 'text/csv' : '*/*' };
      await (await fetch(app.url + path, { method, headers })).text();
    }
    await pollUntil(
      () => auditRecords(app.url, auditor),
      (all) => all.filter((r) => r.kind === 'outcome' && r.callerName !== 'auditor' && r.method !== 'CLI').length >= 9,
    );
  });
  afterAll(() => app?.close());

  const ask = async (query: string, path = READS) => {
    const answer = await fetch(`${app.url}${path}?${query}`, { headers: { ApiKey: auditor } });
    const body = (await answer.json()) as { items: Read[]; next: string | null };
    return { status: answer.status, link: answer.headers.get('link'), ...body };
  };
  const shown = ({ action, coverage, callerName, rows }: Read) => `${action} ${coverage} ${callerName} ${rows}`;

  const OF_ALICE = [
    'sessions.list possible reader 1',
    'statistics.read certain reader 0',
    'sessions.details possible reader 1',
    'sessions.read certain reader 1',
    'sessions.read certain reader 2',
  ];

  it('are listed newest first, with who, from where and how many rows', async () => {
    const { items, next } = await ask('user=alice');
    expect([items.map(shown), next]).toEqual([OF_ALICE, null]);
    expect(items.at(-1)).toMatchObject({ address: '127.0.0.1', callerName: 'reader' });
    expect(items.map(({ seq }) => seq)).toEqual(items.map(({ seq }) => seq).sort((a, b) => b - a));
  });

  it('are found by client and by session, too', async () => {
    expect((await ask('client=c1')).items.map(shown)).toEqual(OF_ALICE);
    expect((await ask(`sessionId=${sessionId}`)).items.map(shown)).toEqual(OF_ALICE);
  });

  it('take the limits of the caller into account', async () => {
    const { items } = await ask('user=bob');
    const limited = items.filter(({ callerName }) => callerName === 'limited');
    expect(limited.map(({ filter }) => JSON.parse(filter) as object)).toEqual([
      { start: null, end: null, rowScope: 'c2' },
    ]);
  });

  it('are the same page by page', async () => {
    const items: Read[] = [];
    for (let cursor = ''; ;) {
      const page = await ask(`user=alice&limit=1${cursor}`);
      expect(page.items.length).toBeLessThanOrEqual(1);
      items.push(...page.items);
      if (page.next === null) break;
      expect(page.link).toContain(page.next);
      cursor = `&cursor=${page.next}`;
    }
    expect(items.map(shown)).toEqual(OF_ALICE);
  });

  it('are none for an unknown person, and none outside the time of the question', async () => {
    for (const query of ['user=nobody', 'sessionId=99999', 'user=alice&to=2021-01-01'])
      expect((await ask(query)).items).toEqual([]);
    expect((await ask('user=alice&from=2021-01-01')).items).toHaveLength(OF_ALICE.length);
  });

  it.each(['', 'user=a&client=b', 'user=', 'sessionId=x', 'foo=1', 'user=a&cursor=x'])('refuse %j', async (query) => {
    expect((await ask(query)).status).toBe(400);
  });

  it('and the audit records themselves are given newest first with order=desc', async () => {
    const all = await auditRecords(app.url, auditor);
    const newest = await auditRecords(app.url, auditor, '?order=desc');
    const known = newest.filter(({ seq }) => seq <= all.length);
    expect(known).toEqual([...all].reverse());
    const seen: number[] = [];
    for (let query = 'order=desc&limit=7'; seen.length < 20;) {
      const answer = await fetch(`${app.url}/api/v1/audit/records?${query}`, { headers: { ApiKey: auditor } });
      const page = (await answer.json()) as { records: { seq: number }[]; next: string };
      seen.push(...page.records.map(({ seq }) => seq));
      query = `order=desc&limit=7&cursor=${page.next}`;
    }
    expect(seen).toEqual(seen.map((_, i) => seen[0]! - i));
  });
});
