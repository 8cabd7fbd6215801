import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { ingest } from '../support/http.js';

const NOW = Date.parse('2021-04-02T00:00:00Z');
const DAY = 'from=2021-04-01&to=2021-04-02';

interface Problem {
  readonly errors?: { readonly parameter: string }[];
}

describe.each(engines)('the timeline on $name', (engine) => {
  let app: TestApp;
  let key: string;
  let auditor: string;

  beforeAll(async () => {
    app = await startApp(engine, {}, { nowMs: () => NOW });
    key = await app.key('sessions:read', 'ingest:write');
    auditor = await app.key('audit:read');
    const minutes = Array.from({ length: 10 }, (_, i) => `2021-04-01T10:0${i}`);
    await ingest(app.url, key, [
      ...minutes.map((at, i) => record(`s${i}`, 'm1', `${at}:00Z`, `${at}:20Z`)),
      record('long', 'm2', '2021-03-31T08:00:00Z', null),
    ]);
  });
  afterAll(() => app?.close());

  const get = (path: string, as = key) => fetch(`${app.url}${path}`, { headers: { ApiKey: as } });

  it('merges short sessions and keeps long ones', async () => {
    const answer = await get(`/api/v1/timeline/rows?${DAY}&width=1440`);
    expect(await answer.json()).toMatchObject({
      bucketSeconds: 120,
      items: [
        {
          client: { guid: 'm1' },
          bars: [
            {
              start: '2021-04-01T10:00:00.000+00:00',
              end: '2021-04-01T10:09:20.000+00:00',
              sessions: 10,
              state: 'ended',
            },
          ],
        },
        {
          client: { guid: 'm2' },
          bars: [{ sessions: 1, state: 'live', clippedStart: true, clippedEnd: true }],
        },
      ],
      next: null,
    });
  });

  it.each([
    ['rows', `${DAY}&limit=101`, 'limit'],
    ['rows', `${DAY}&width=0`, 'width'],
    ['rows', `${DAY}&width=8193`, 'width'],
    ['rows', `${DAY}&application=x`, 'application'],
    ['rows', `${DAY}&empty=1`, 'empty'],
    ['rows', 'to=2021-04-02', 'from'],
    ['rows', 'from=2021-04-02&to=2021-04-01', 'from'],
    ['density', 'from=2021-04-02', 'to'],
    ['density', `${DAY}&offset=1`, 'offset'],
  ])('%s?%s is refused for %s', async (what, query, parameter) => {
    const answer = await get(`/api/v1/timeline/${what}?${query}`);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as Problem).errors!.map((error) => error.parameter)).toEqual([parameter]);
  });

  it('refuses a cursor of another filter, and one together with an offset', async () => {
    const { next } = (await (await get(`/api/v1/timeline/rows?${DAY}&limit=1`)).json()) as { next: string };
    expect((await get(`/api/v1/timeline/rows?${DAY}&limit=1&width=20&cursor=${next}`)).status).toBe(200);
    expect((await get(`/api/v1/timeline/rows?${DAY}&state=live&cursor=${next}`)).status).toBe(400);
    expect((await get(`/api/v1/timeline/rows?${DAY}&offset=1&cursor=${next}`)).status).toBe(400);
  });

  it('records each look, which is a read of the sessions that it covers', async () => {
    await get(`/api/v1/timeline/density?${DAY}&width=800`);
    await get(`/api/v1/timeline/rows?${DAY}`);
    const answer = await get('/api/v1/audit/reads?client=m2&limit=2', auditor);
    const { items } = (await answer.json()) as { items: { action: string; coverage: string; rows: number }[] };
    expect(items.map(({ action, coverage }) => [action, coverage])).toEqual([
      ['timeline.rows', 'possible'],
      ['timeline.density', 'certain'],
    ]);
  });
});

function record(externalId: string, client: string, login: string, logout: string | null) {
  return { externalId, clientGuid: client, clientName: client, userName: 'ada', loginDate: login, logoutDate: logout };
}
