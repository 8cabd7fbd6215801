import { type KeyObject, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { loadSigningKey, makeSigningKey, publicPem } from '../../src/modules/checkpoints/signing-key.js';
import { type TestApp, startApp } from '../support/app.js';
import { auditRecords, runCli, runSql } from '../support/audit.js';
import { engines } from '../support/engines.js';
import { DocumentedVerifier, type Evidence, verifyFile } from '../support/evidence.js';
import { ingest } from '../support/http.js';

// Each command is a process of its own.
jest.setTimeout(120_000);

const T = Date.UTC(2024, 4, 1, 12);
const iso = (ms: number) => new Date(ms).toISOString();
const HOSTILE = '<script>alert(1)</script>&"\'';
const record = (externalId: string, more: object = {}) => ({
  ...{ externalId, clientGuid: 'm', clientName: 'M', userName: 'ada', userDomain: 'ACME' },
  ...{ loginDate: iso(T), logoutDate: null },
  ...more,
});

describe.each(engines)('the command evidence on $name', (engine) => {
  let app: TestApp;
  let folder: string;
  let keyFile: string;
  let publicKey: KeyObject;
  let sender: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'evidence-export-'));
    const AUDIT_SIGNING_KEY = join(folder, 'signing.pem');
    makeSigningKey(AUDIT_SIGNING_KEY);
    keyFile = join(folder, 'public.pem');
    writeFileSync(keyFile, publicPem(loadSigningKey(AUDIT_SIGNING_KEY)));
    publicKey = createPublicKey(loadSigningKey(AUDIT_SIGNING_KEY));
    app = await startApp(engine, { AUDIT_SIGNING_KEY });
    env = { DATABASE_URL: app.config.DATABASE_URL, AUDIT_SIGNING_KEY, AUDIT_CHECKPOINTS: 'off', LOST_AFTER: 'off' };
    sender = await app.key('ingest:write');
    const activities = [{ at: iso(T + 1000), application: 'a.exe' }];
    await send(...Array.from({ length: 60 }, (_none, i) => record(`s${i}`, { loginDate: iso(T + i * 60_000) })));
    await send(
      record('s3', { loginDate: iso(T + 3 * 60_000), activities }),
      record('x', { userName: HOSTILE, clientGuid: HOSTILE }),
    );
    for (let from = 0; from < 4000; from += 1000)
      await send(...Array.from({ length: 1000 }, (_none, i) => record(`big${from + i}`, { clientGuid: 'big' })));
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const send = async (...records: object[]) => {
    expect((await ingest(app.url, sender, records)).rejected).toBe(0);
  };
  const exported = (...args: string[]) => runCli(['evidence', 'export', ...args], env);
  const path = (name: string) => join(folder, name);

  it('writes the sessions of a client, which verify without a database, and a cover page', async () => {
    const [file, cover] = [path('m.ndjson'), path('m.html')];
    const { code, out, err } = await exported(file, '--client', 'm', '--cover', cover);
    expect([code, out, err]).toEqual([0, `${file}: 60 sessions with evidence\n`, '']);
    expect([file, cover].map((name) => statSync(name).mode & 0o777)).toEqual([0o600, 0o600]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
    expect(await verifyFile(file, publicKey)).toEqual({ faults: [], checkpoint: 'verified', counts: [60, 61, 1, 0] });
    expect(new DocumentedVerifier(folder).run(file, keyFile)).toEqual({ code: 0, says: expect.stringMatching(/^60 /) });
    const verified = await runCli(['evidence', 'verify', file, '--public-key', keyFile], { DATABASE_URL: 'none:' });
    expect([verified.code, verified.err]).toEqual([0, '']);
    expect(verified.out).toMatch(/^verified: 60 sessions with 61 versions and 1 activity\n.*Not proven:\n/s);
    const page = readFileSync(cover, 'utf8');
    expect(page.match(/<tr><td>/g)).toHaveLength(60);
    expect(page).toContain('Asked for: client</th><td>m</td>');
  });

  it('replaces no file', async () => {
    const file = path('kept.ndjson');
    writeFileSync(file, 'kept');
    expect(await exported(file, '--client', 'm')).toEqual({ code: 1, out: '', err: `${file} exists.\n` });
    const cover = path('kept.html');
    expect((await exported(file, '--client', 'm', '--cover', cover)).code).toBe(1);
    expect([readFileSync(file, 'utf8'), existsSync(cover)]).toEqual(['kept', false]);
  });

  it('writes one session, or those of a user in a time', async () => {
    const one = path('one.ndjson');
    expect((await exported(one, '--session', '4')).out).toContain(': 1 sessions');
    const [, session] = readFileSync(one, 'utf8').split('\n');
    expect((JSON.parse(session!) as Evidence).sessionId).toBe(4);
    const some = path('some.ndjson');
    const args = ['--user', `ACME\\${HOSTILE}`, '--from', iso(T - 1000), '--to', iso(T + 1000)];
    const cover = path('some.html');
    expect((await exported(some, ...args, '--cover', cover)).code).toBe(0);
    expect(await verifyFile(some, publicKey)).toMatchObject({ faults: [], counts: [1, 1, 0, 0] });
    const page = readFileSync(cover, 'utf8');
    expect(page).not.toMatch(/<script|&"|"'/);
    expect(page).toContain('ACME\\&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;');
    expect((await exported(path('none'), '--session', '99999')).err).toBe('There is no session with this id.\n');
    for (const wrong of [[], ['--session', '1', '--user', 'ada'], ['--from', 'yesterday']])
      expect((await exported(path('none'), ...wrong)).code).toBe(1);
    expect(existsSync(path('none'))).toBe(false);
  });

  it('is verified to its end: a file that was cut, or in which a line was changed, is refused', async () => {
    const good = path('whole.ndjson');
    await exported(good, '--client', 'm', '--to', iso(T + 3.5 * 60_000));
    const lines = readFileSync(good, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(6);
    expect(lines.slice(1, -1).map((line) => (JSON.parse(line) as Evidence).session.externalId)).toEqual([
      's0',
      's1',
      's2',
      's3',
    ]);
    const forged = path('forged.ndjson');
    const verifier = new DocumentedVerifier(folder);
    const edited = lines[2]!.replace('"userName":"ada"', '"userName":"eve"');
    const cases: [string[], RegExp][] = [
      [lines.slice(0, -1), /its end was cut off/],
      [lines.slice(0, 1), /its end was cut off/],
      [lines.toSpliced(2, 1), /counts 4 sessions and 0 omitted ones, but the file has 3/],
      [lines.with(2, edited), /Session 2: it differs from what was recorded as version 1/],
      [lines.with(2, lines[1]!), /Session 1 is in the file twice/],
      [[...lines, lines[1]!], /goes on after its last line/],
      [lines.with(3, '{}'), /Line 4 is neither a session nor the end/],
      [[...lines.slice(0, -2), lines.at(-2)!.slice(0, 100)], /Line 5 is neither/],
    ];
    for (const [content, fault] of cases) {
      writeFileSync(forged, `${content.join('\n')}\n`);
      expect((await verifyFile(forged, publicKey)).faults.join('\n')).toMatch(fault);
      if (content.length !== lines.length || content[2] === edited)
        expect([fault, verifier.run(forged, keyFile).code]).toEqual([fault, 1]);
    }
    writeFileSync(forged, `${lines.with(2, edited).join('\n')}\n`);
    const broken = await runCli(['evidence', 'verify', forged, '--public-key', keyFile], {});
    expect([broken.code, broken.out]).toEqual([2, expect.stringContaining('NOT VERIFIED: 1 fault. Nothing')]);
    const otherKey = path('other.pem');
    makeSigningKey(otherKey);
    const unknown = await runCli(['evidence', 'verify', good, '--public-key', otherKey], {});
    expect([unknown.code, unknown.out]).toEqual([3, expect.stringContaining('no given key has signed')]);
    expect((await runCli(['evidence', 'verify', path('absent'), '--public-key', keyFile], {})).code).toBe(1);
  });

  it('names sessions that cannot be proven yet', async () => {
    await send(record('older', { clientGuid: 'older' }), record('known', { clientGuid: 'older' }));
    await runSql(app.config.DATABASE_URL, "UPDATE sessions SET version = 0 WHERE external_id = 'older'");
    const [file, cover] = [path('older.ndjson'), path('older.html')];
    const { code, err } = await exported(file, '--client', 'older', '--cover', cover);
    expect([code, err]).toEqual([3, 'warning: 1 sessions cannot be proven yet; the file only names them\n']);
    expect(await verifyFile(file, publicKey)).toMatchObject({ faults: [], counts: [1, 1, 0, 1] });
    expect(readFileSync(cover, 'utf8')).toContain('No evidence yet: not in the log');
  });

  it('leaves no file when it is interrupted', async () => {
    const args = [
      'dist/cli.js',
      'evidence',
      'export',
      path('big.ndjson'),
      '--client',
      'big',
      '--cover',
      path('big.html'),
    ];
    const watcher = watch(folder);
    const child = spawn(process.execPath, args, { env: { ...process.env, ...env } });
    const closed = once(child, 'close');
    while (!existsSync(path('big.ndjson.partial'))) await once(watcher, 'change');
    watcher.close();
    child.kill('SIGINT');
    expect((await closed)[0]).toBe(130);
    expect(readdirSync(folder).filter((name) => name.startsWith('big'))).toEqual([]);
  });

  it('is recorded with its question and the number of sessions', async () => {
    const records = await auditRecords(app.url, await app.key('audit:read'));
    const own = records.filter(({ action }) => action === 'evidence.export');
    expect(JSON.parse(own[0]!.filter)).toMatchObject({ client: ['m'], file: 'm.ndjson' });
    expect(own[1]).toMatchObject({ requestSeq: own[0]!.seq, status: 0, rows: 60 });
  });
});
