import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSigningKey } from '../../src/modules/checkpoints/signing-key.js';
import { startApp, type TestApp } from '../support/app.js';
import { engines } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';
import { type ApiDocument, operationsOf } from '../support/operations.js';
import { sampleOrganisation } from '../../src/modules/sample/sample-organisation.js';

/** A Monday: the day before has the fewest sessions of a week. */
const NOW_MS = Date.parse('2026-03-02T09:00:00Z');

/** The document cannot name a key that exists; a made-up prefix is a 404. */
const names404 = (path: string) => /\{(prefix|clientGuid)\}/.test(path);

describe('the operations of the documentation page, sent as they are prefilled', () => {
  const folder = mkdtempSync(join(tmpdir(), 'examples-'));
  let app: TestApp;
  let key: string;
  let document: ApiDocument;

  beforeAll(async () => {
    // A server makes the key when it starts; evidence is signed with it.
    const signingKey = join(folder, 'key.pem');
    makeSigningKey(signingKey);
    app = await startApp(engines[0]!, { AUDIT_SIGNING_KEY: signingKey }, { nowMs: () => NOW_MS });
    key = await app.key('sessions:read', 'activities:read', 'changes:read', 'ingest:write', 'audit:read', 'admin');
    await ingest(app.url, key, [...sampleOrganisation(NOW_MS)]);
    document = JSON.parse((await rawRequest(app.url, '/openapi.json')).body) as ApiDocument;
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('succeed on the sample, and those that read find something', async () => {
    const answers: [string, number, boolean][] = [];
    for (const operation of operationsOf(document).filter(({ path }) => !names404(path))) {
      const { path, ...options } = operation.request();
      const answer = await rawRequest(app.url, path, { ...options, headers: { ...options.headers, ApiKey: key } });
      const found = !['[]', '{"sessions":[]}'].includes(answer.body) && !/^\{"(records|items)":\[\]/.test(answer.body);
      answers.push([`${operation.method} ${operation.path}`, answer.status, found]);
    }
    expect(answers.length).toBeGreaterThan(10);
    expect(answers.filter(([, status, found]) => status < 200 || status > 299 || !found)).toEqual([]);
  });

  it('have bodies with a schema and an example for every media type', () => {
    const bodies = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.values(methods).flatMap(({ requestBody }) =>
        Object.entries(requestBody?.content ?? {}).map(([type, media]) => [`${path} ${type}`, media.schema] as const),
      ),
    );
    expect(bodies.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        '/api/v1/ingest/sessions application/json',
        '/api/v1/ingest/sessions application/x-ndjson',
      ]),
    );
    expect(bodies.filter(([, schema]) => schema === undefined)).toEqual([]);
  });
});
