import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { ingest } from '../support/http.js';

const NOW_MS = Date.parse('2021-04-03T00:00:00Z');
const WINDOW = 'from=2021-04-01&to=2021-04-03';
const activity = (at: string, application: string, url?: string) => ({ at: `2021-04-${at}Z`, application, url });
const session = (id: string, client: string, user: string, day: string, activities: object[]) => ({
  ...{ externalId: id, clientGuid: client, clientName: client, userName: user, activities },
  ...{ loginDate: `2021-04-${day}T10:00:00Z`, logoutDate: `2021-04-${day}T10:20:00Z` },
});

describe.each(engines)('totals of active time on $name', (engine) => {
  let app: TestApp;
  let key: string;

  beforeAll(async () => {
    app = await startApp(engine, {}, { nowMs: () => NOW_MS });
    key = await app.key('sessions:read', 'activities:read');
    await ingest(app.url, await app.key('ingest:write'), [
      session('1', 'a', 'ada', '01', [
        activity('01T10:00:00', 'editor'),
        activity('01T10:10:00', 'browser', 'https://EXAMPLE.com/x'),
      ]),
      session('2', 'b', 'bob', '02', [activity('02T10:15:00', 'editor')]),
    ]);
  });
  afterAll(() => app?.close());

  const read = async (path: string, caller = key) => {
    const answer = await fetch(`${app.url}/api/v1/statistics/${path}`, { headers: { ApiKey: caller } });
    return { status: answer.status, body: (await answer.json()) as unknown };
  };

  it('are given by application, site and user, and by day', async () => {
    const days = [
      { day: '2021-04-01', seconds: 1_200 },
      { day: '2021-04-02', seconds: 300 },
    ];
    expect((await read(`applications?${WINDOW}`)).body).toEqual({
      items: [
        { name: 'editor', seconds: 900 },
        { name: 'browser', seconds: 600 },
      ],
      ...{ otherSeconds: 0, days },
    });
    expect((await read(`sites?${WINDOW}`)).body).toMatchObject({ items: [{ name: 'example.com', seconds: 600 }] });
    expect((await read(`users?${WINDOW}&limit=1`)).body).toEqual({
      ...{ items: [{ name: 'ada', seconds: 1_200 }], otherSeconds: 300, days },
    });
  });

  it('are limited to clients: those of the request, and those of the key', async () => {
    expect((await read(`users?${WINDOW}&client=b`)).body).toMatchObject({ items: [{ name: 'bob', seconds: 300 }] });
    const limited = await app.limitedKey({ scopes: ['sessions:read'], clientGuids: ['a'] });
    expect((await read(`users?${WINDOW}`, limited)).body).toMatchObject({ items: [{ name: 'ada' }] });
    expect((await read(`users?${WINDOW}&client=b`, limited)).body).toMatchObject({ items: [], days: [] });
  });

  it('are limited to one user, also together with clients', async () => {
    const users = (await read(`users?${WINDOW}`)).body as { items: { name: string }[] };
    expect(users.items.map(({ name }) => name)).toEqual(['ada', 'bob']);
    const found = await fetch(`${app.url}/api/v1/users`, { headers: { ApiKey: key } });
    const { items } = (await found.json()) as { items: { id: number; name: string }[] };
    const bob = items.find(({ name }) => name === 'bob')!.id;
    const days = [{ day: '2021-04-02', seconds: 300 }];
    const ofBob = { items: [{ name: 'bob', seconds: 300 }], otherSeconds: 0, days };
    expect((await read(`users?${WINDOW}&userId=${bob}`)).body).toEqual(ofBob);
    // Also when the session is open at the start of the window.
    const inside = `from=2021-04-02T10:16:00&to=2021-04-03&userId=${bob}`;
    expect((await read(`users?${inside}`)).body).toMatchObject({ items: [] });
    const before = `from=2021-04-02T10:05:00&to=2021-04-03&userId=${bob}`;
    expect((await read(`users?${before}`)).body).toEqual(ofBob);
    expect((await read(`applications?${WINDOW}&userId=${bob}`)).body).toMatchObject({
      items: [{ name: 'editor', seconds: 300 }],
    });
    expect((await read(`users?${WINDOW}&userId=${bob}&client=a`)).body).toMatchObject({ items: [], days: [] });
    expect((await read(`users?${WINDOW}&userId=2147483647`)).body).toMatchObject({ items: [], days: [] });
    expect((await read(`users?${WINDOW}&userId=0`)).status).toBe(400);
  });

  it('need a window, and activities:read for applications', async () => {
    expect((await read('users?from=2021-04-01')).status).toBe(400);
    const reader = await app.key('sessions:read');
    expect((await read(`applications?${WINDOW}`, reader)).status).toBe(403);
    expect((await read(`users?${WINDOW}`, reader)).status).toBe(200);
  });
});
