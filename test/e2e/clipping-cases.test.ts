import { readFileSync } from 'node:fs';
import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';

interface Cases {
  sessions: { externalId: string; loginDate: string; logoutDate: string | null; activities: string[] }[];
  cases: {
    name: string;
    start: string | null;
    end: string | null;
    expected: { externalId: string; loginDate: string; logoutDate: string | null }[];
  }[];
}

const { sessions, cases } = JSON.parse(
  readFileSync(new URL('../fixtures/clipping-cases.json', import.meta.url), 'utf8'),
) as Cases;

describe.each(engines)('worked examples of clipping on $name', (engine) => {
  let app: TestApp;
  let key: string;
  let ids: Map<number, string>;

  beforeAll(async () => {
    app = await startApp(engine);
    key = await app.key('sessions:read', 'ingest:write');
    const records = sessions.map((s) => ({
      ...s,
      clientGuid: 'machine-1',
      clientName: 'machine 1',
      userName: 'alice',
      activities: s.activities.map((at) => ({ at, application: 'test' })),
    }));
    const headers = { ApiKey: key, 'Content-Type': 'application/json' };
    const answer = await fetch(`${app.url}/api/v1/ingest/sessions`, {
      method: 'POST',
      headers,
      body: JSON.stringify(records),
    });
    expect(answer.status).toBe(200);
    const body = (await answer.json()) as {
      accepted: number;
      rejected: number;
      results: { externalId: string; sessionId: number }[];
    };
    expect({ accepted: body.accepted, rejected: body.rejected }).toEqual({ accepted: sessions.length, rejected: 0 });
    ids = new Map(body.results.map((r) => [r.sessionId, r.externalId]));
    expect(ids.size).toBe(sessions.length);
  });
  afterAll(() => app?.close());

  it.each(cases)('$name', async ({ start, end, expected }) => {
    const query = new URLSearchParams({ ...(start && { start }), ...(end && { end }) });
    const answer = await fetch(`${app.url}/ekranapi/sessions?${query}`, { headers: { ApiKey: key } });
    expect(answer.status).toBe(200);
    const rows = (await answer.json()) as { sessionId: number; loginDate: string; logoutDate: string | null }[];
    const seen = rows.map((r) => ({
      externalId: ids.get(r.sessionId),
      loginDate: r.loginDate,
      logoutDate: r.logoutDate,
    }));
    expect(seen).toEqual(expected);
    for (const row of rows)
      expect(Object.keys(row)).toEqual(['clientGuid', 'logoutDate', 'loginDate', 'sessionId', 'userId']);
  });
});
