import { type KeyObject, createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signCheckpoint } from '../../src/modules/changes/checkpoints/checkpoint-signature.js';
import { parseNote } from '../../src/modules/changes/checkpoints/signed-note.js';
import { parseCheckpointText } from '../../src/modules/changes/checkpoints/tree-checkpoint.js';
import { loadSigningKey, makeSigningKey, publicPem } from '../../src/modules/checkpoints/signing-key.js';
import { type TestApp, startApp } from '../support/app.js';
import { auditRecords, runSql } from '../support/audit.js';
import { engines } from '../support/engines.js';
import { DocumentedVerifier, type Evidence, verifyFile } from '../support/evidence.js';
import { ingest } from '../support/http.js';

const T = Date.UTC(2024, 4, 1, 12);
const iso = (ms: number) => new Date(ms).toISOString();
const activity = (n: number, title = `title ${n}`) => ({ at: iso(T + n * 1000), application: 'a.exe', title });
const record = (externalId: string, more: object = {}) => ({
  ...{ externalId, clientGuid: 'm', clientName: 'M', userName: 'ada', userDomain: 'ACME' },
  ...{ loginDate: iso(T), logoutDate: null },
  ...more,
});

describe.each(engines)('evidence on $name', (engine) => {
  let app: TestApp;
  let folder: string;
  let keyFile: string;
  let publicKey: KeyObject;
  let reader: string;
  let sender: string;
  const ids = new Map<string, number>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'evidence-'));
    const signingKey = join(folder, 'signing.pem');
    makeSigningKey(signingKey);
    keyFile = join(folder, 'public.pem');
    writeFileSync(keyFile, publicPem(loadSigningKey(signingKey)));
    publicKey = createPublicKey(loadSigningKey(signingKey));
    app = await startApp(engine, { AUDIT_SIGNING_KEY: signingKey });
    reader = await app.key('sessions:read', 'activities:read', 'audit:read');
    sender = await app.key('ingest:write');
    await send(...Array.from({ length: 300 }, (_none, i) => record(`other${i}`, { clientGuid: `m${i % 5}` })));
    await send(record('s'));
    await send(record('s', { activities: [activity(2), activity(1, 'ß "quoted" \u2028 \ud83d\ude00 \\ \u0001')] }));
    await send(record('s', { activities: [activity(3)], remoteAddress: '2001:db8::1' }), record('t'));
    await send(record('s', { logoutDate: iso(T + 60_000), activities: [activity(4)] }));
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const send = async (...records: object[]) => {
    const { results, rejected } = await ingest(app.url, sender, records);
    expect(rejected).toBe(0);
    for (const { externalId, sessionId } of results) ids.set(externalId, sessionId);
  };
  const get = async (id: number, key = reader) => {
    const answer = await fetch(`${app.url}/api/v1/sessions/${id}/evidence`, { headers: { ApiKey: key } });
    return { status: answer.status, text: await answer.text() };
  };
  const evidenceOf = async (externalId: string): Promise<Evidence> => {
    const { status, text } = await get(ids.get(externalId)!);
    expect([status, text]).toEqual([200, expect.any(String)]);
    return JSON.parse(text) as Evidence;
  };
  const file = (...lines: unknown[]) => {
    const path = join(folder, 'evidence.json');
    writeFileSync(path, lines.map((line) => (typeof line === 'string' ? line : `${JSON.stringify(line)}\n`)).join(''));
    return path;
  };
  const GOOD = { faults: [], checkpoint: 'verified' };

  it('proves a session with several versions, to the command and to the documented verifier', async () => {
    const evidence = await evidenceOf('s');
    expect(evidence).toMatchObject({
      ...{ format: 'session-audit-evidence/1', version: 4, salt: expect.stringMatching(/^[0-9a-f]{32}$/) },
      session: { externalId: 's', userName: 'ada', logout: iso(T + 60_000), remoteAddress: '2001:db8::1' },
      entries: [{}, {}, {}, {}],
    });
    expect(evidence.activities.map(({ version, items }) => [version, items.length])).toEqual([[2, 2], [3, 1], [4, 1]]); // prettier-ignore
    expect(await verifyFile(file(evidence), publicKey)).toEqual({ ...GOOD, counts: [1, 4, 4, 0] });
    expect(await verifyFile(file(JSON.stringify(evidence, null, 2)), publicKey)).toMatchObject(GOOD);
    const verifier = new DocumentedVerifier(folder);
    expect(verifier.run(file(evidence), keyFile)).toEqual({
      code: 0,
      says: expect.stringMatching(/^1 sessions verified, 305 entries/),
    });
    expect(await verifyFile(file(await evidenceOf('other7')), publicKey)).toEqual({ ...GOOD, counts: [1, 1, 0, 0] });
  });

  it('signs a new checkpoint only if the newest one does not cover the session', async () => {
    const size = ({ checkpoint }: Evidence) => parseCheckpointText(parseNote(checkpoint)!.text)!.size;
    const before = size(await evidenceOf('s'));
    await send(record('later'));
    expect(size(await evidenceOf('s'))).toBe(before);
    expect(size(await evidenceOf('later'))).toBe(before + 1);
  });

  const forgeries: [string, (e: Evidence, other: Evidence) => unknown, RegExp, string | null][] = [
    ['a member of the session', (e) => (e.session.userName = 'eve'), /differs from what was recorded as version 4/, 'session'],
    ['a member that is added', (e) => (e.session.more = 'x'), /differs from what was recorded as version 4/, 'session'],
    ['the salt', (e) => (e.salt = '00'.repeat(16)), /activities of version 2 differ/, 'activities'],
    ['an activity that is edited', (e) => (e.activities[0]!.items[0]![2] = 'x'), /activities of version 2 differ/, 'activities'],
    ['an activity that is removed', (e) => e.activities[0]!.items.pop(), /version 2 added 2 activities, but the file has 1/, 'activities'],
    ['an activity that is added', (e) => e.activities[2]!.items.push(e.activities[0]!.items[0]!), /version 4 added 1 activities, but the file has 2/, 'activities'],
    ['all activities of a version removed', (e) => e.activities.pop(), /version 4 added 1 activities, but the file has 0/, 'activities'],
    ['activities of one version given to another', (e) => ([e.activities[1]!.items, e.activities[2]!.items] = [e.activities[2]!.items, e.activities[1]!.items]), /activities of version 3 differ/, 'activities'],
    ['activities of no version', (e) => e.activities.push({ version: 9, items: [] }), /activities of version 9, which does not exist/, 'session'],
    ['activities in another order', (e) => e.activities[0]!.items.reverse(), /activities of version 2 differ/, 'activities'],
    ['an entry', (e) => (e.entries[0]!.entry = e.entries[0]!.entry.replace('created', 'updated')), /proof of the entry at place \d+ does not lead/, 'proof'],
    ['an entry of another session', (e, other) => (e.entries[3] = other.entries[0]!), /is one of session \d+, not of this one/, 'entry'],
    ['a version that is left out', (e) => e.entries.splice(1, 1), /has version 4, but 3 entries/, 'entry'],
    ['entries in another order', (e) => e.entries.reverse(), /is that of version 4, where version 1 is expected/, 'entry'],
    ['a hash of a proof', (e) => (e.entries[1]!.proof[2] = e.entries[1]!.proof[3]!), /proof of the entry at place \d+ does not lead/, 'proof'],
    ['a proof that is too short', (e) => e.entries[2]!.proof.pop(), /proof of the entry at place \d+ does not lead/, 'proof'],
    ['a place', (e) => (e.entries[2]!.seq += 1), /proof of the entry at place \d+ does not lead/, 'proof'],
    ['the number of the session', (e) => (e.sessionId += 1), /is one of session \d+, not of this one/, 'entry'],
    ['the number of the version', (e) => (e.version = 3), /has version 3, but 4 entries/, 'session'],
    ['the root', (e) => (e.checkpoint = e.checkpoint.replace(/\n[^\n]{44}\n/, `\n${Buffer.alloc(32).toString('base64')}\n`)), /signature of the checkpoint is wrong/, 'signature'],
    ['the size', (e) => (e.checkpoint = e.checkpoint.replace(/\n\d+\n/, '\n300\n')), /signature of the checkpoint is wrong/, 'signature'],
    ['the signature', (e) => (e.checkpoint = e.checkpoint.replace(/(— \S+ .{20})./, (_all, kept: string) => `${kept}${kept.endsWith('A') ? 'B' : 'A'}`)), /signature of the checkpoint is wrong|is no|form of a checkpoint/, 'signature'],
    ['the id of the key', (e) => (e.keyId = '00000000'), /id of the key is not that/, null],
    ['the format', (e) => Object.assign(e, { format: 'x' }), /format of the file is not/, null],
    ['a member that is missing', (e) => Object.assign(e, { entries: undefined }), /a member is missing/, ''],
  ]; // prettier-ignore

  it('names what was changed, as the documented verifier does', async () => {
    const [text, other] = [JSON.stringify(await evidenceOf('s')), await evidenceOf('t')];
    const verifier = new DocumentedVerifier(folder);
    for (const [what, forge, fault, assertion] of forgeries) {
      const evidence = JSON.parse(text) as Evidence;
      forge(evidence, other);
      const path = file(evidence);
      const { faults } = await verifyFile(path, publicKey);
      expect([what, faults.join('\n')]).toEqual([what, expect.stringMatching(fault)]);
      if (assertion === null) continue;
      const { code, says } = verifier.run(path, keyFile);
      expect([what, code, says]).toEqual([what, 1, expect.stringContaining(assertion)]);
    }
  }, 60_000);

  it('does not accept the signature of another key', async () => {
    const evidence = await evidenceOf('s');
    const otherFile = join(folder, 'other.pem');
    makeSigningKey(otherFile);
    const other = loadSigningKey(otherFile);
    const checkpoint = parseCheckpointText(parseNote(evidence.checkpoint)!.text)!;
    evidence.checkpoint = signCheckpoint(checkpoint, T, other);
    evidence.keyId = parseNote(evidence.checkpoint)!.signatures[0]!.keyId.toString('hex');
    const path = file(evidence);
    expect(await verifyFile(path, publicKey)).toMatchObject({ faults: [], checkpoint: 'unknown-key' });
    expect(await verifyFile(path, createPublicKey(other))).toMatchObject(GOOD);
    expect(new DocumentedVerifier(folder).run(path, keyFile)).toEqual({
      code: 1,
      says: expect.stringContaining('signature'),
    });
  });

  it('notices that the stored session was changed past the application', async () => {
    await send(record('edited', { terminal: 'pts/3' }));
    await runSql(app.config.DATABASE_URL, "UPDATE sessions SET terminal = 'pts/4' WHERE external_id = 'edited'");
    const { faults } = await verifyFile(file(await evidenceOf('edited')), publicKey);
    expect(faults).toEqual([`Session ${ids.get('edited')}: it differs from what was recorded as version 1.`]);
  });

  it('is not given for sessions that the caller may not see, and names the scopes that it needs', async () => {
    const limited = (clientGuids: string[]) =>
      app.limitedKey({ scopes: ['sessions:read', 'activities:read'], clientGuids });
    const id = ids.get('s')!;
    expect((await get(id, await limited(['m']))).status).toBe(200);
    expect((await get(id, await limited(['m1']))).status).toBe(404);
    expect((await get(99_999)).status).toBe(404);
    expect(await get(id, await app.key('sessions:read'))).toMatchObject({
      ...{ status: 403, text: expect.stringContaining('activities:read') },
    });
  });

  it('says why there is no evidence yet for a session that is older than the log, or whose place is missing', async () => {
    await send(record('old'), record('gone'));
    const id = (name: string) => ids.get(name)!;
    await evidenceOf('gone');
    await runSql(app.config.DATABASE_URL, "UPDATE sessions SET version = 0 WHERE external_id = 'old'");
    expect(await get(id('old'))).toMatchObject({ status: 409, text: expect.stringContaining('not in it yet') });
    await runSql(app.config.DATABASE_URL, "UPDATE sessions SET version = 2 WHERE external_id = 'gone'");
    expect(await get(id('gone'))).toMatchObject({ status: 503, text: expect.stringContaining('verify the log') });
  });

  it('is recorded as a read of the session', async () => {
    const id = ids.get('s')!;
    const records = await auditRecords(app.url, reader);
    const own = records.filter(({ action, filter }) => action === 'session.evidence' && filter.includes(`:${id}`));
    expect(JSON.parse(own[0]!.filter)).toMatchObject({ sessionId: id });
    const answer = await fetch(`${app.url}/api/v1/audit/reads?sessionId=${id}`, { headers: { ApiKey: reader } });
    expect(await answer.text()).toContain('session.evidence');
  });
});
