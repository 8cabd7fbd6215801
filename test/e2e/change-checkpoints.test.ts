import { type KeyObject, createPublicKey } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '../../src/cli/context.js';
import { AppConfig } from '../../src/config/app-config.js';
import { ChangeCheckpointsService } from '../../src/modules/changes/checkpoints/change-checkpoints.service.js';
import { verifyCheckpoint } from '../../src/modules/changes/checkpoints/checkpoint-signature.js';
import { type TreeCheckpoint, parseCheckpointLine } from '../../src/modules/changes/checkpoints/tree-checkpoint.js';
import { ChangeSequencerService } from '../../src/modules/changes/log/change-sequencer.service.js';
import { Frontier } from '../../src/modules/changes/tree/frontier.js';
import { leafHash } from '../../src/modules/changes/tree/hashes.js';
import { loadSigningKey } from '../../src/modules/checkpoints/signing-key.js';
import { pollUntil, runSql } from '../support/audit.js';
import { type FreshDatabase, type TestEngine, engines, freshDatabase } from '../support/engines.js';
import { ingest } from '../support/http.js';
import { askPython } from '../support/python.mjs';
import { keyFor, startServerProcess } from '../support/server-process.js';
import { type SigningApp, startSigningApp } from '../support/signing-app.js';

const SCRIPT = fileURLToPath(new URL('../support/merkle/rfc9162.py', import.meta.url));
let number = 0;

/** Each is a new session, so it has one entry in the log. */
function sessions(count: number): object[] {
  return Array.from({ length: count }, () => {
    const externalId = String(++number);
    const loginDate = new Date(Date.UTC(2021, 3, 1) + number * 60_000).toISOString();
    return { externalId, clientGuid: `c${number % 3}`, clientName: 'c', userName: 'u', loginDate, logoutDate: null };
  });
}

const notesIn = (text: string): string[] => text.split('\n').flatMap((line) => parseCheckpointLine(line) ?? []);
const notesOf = (file: string): string[] => (existsSync(file) ? notesIn(readFileSync(file, 'utf8')) : []);

/** @throws Error unless the key has signed it */
function opened(note: string, ...keys: KeyObject[]): TreeCheckpoint & { readonly timeMs: number | null } {
  const verdict = verifyCheckpoint(note, keys);
  if (verdict.kind !== 'verified') throw new Error(`${verdict.kind}: ${note}`);
  return { ...verdict.checkpoint, timeMs: verdict.timeMs };
}

describe.each(engines)('checkpoints of the change log on $name', (engine: TestEngine) => {
  let database: FreshDatabase;
  let directory: string;
  let writer: string;
  const apps: SigningApp[] = [];
  const file = (name: string) => join(directory, `${name}.ndjson`);
  const keyFile = (name: string) => join(directory, `${name}.pem`);
  const publicKey = (name: string) => createPublicKey(loadSigningKey(keyFile(name)));
  const sql = <T = unknown>(...statements: string[]) => runSql<T>(database.url, ...statements);

  beforeEach(async () => {
    database = await freshDatabase(engine);
    await migrate(Object.assign(new AppConfig(), { DATABASE_URL: database.url }));
    directory = mkdtempSync(join(tmpdir(), 'change-checkpoints-'));
    writer = await keyFor(database.url, { scopes: ['ingest:write'] });
  });
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
    await database.drop();
    rmSync(directory, { recursive: true });
  });

  const start = async (name: string, settings: Partial<AppConfig> = {}): Promise<SigningApp> => {
    const files = { AUDIT_SIGNING_KEY: keyFile(name), AUDIT_CHECKPOINTS: file(name) };
    const app = await startSigningApp(database.url, { ...files, AUDIT_CHECKPOINT_RECORDS: 3, ...settings });
    apps.push(app);
    return app;
  };
  const add = async (app: Pick<SigningApp, 'url'> & Partial<SigningApp>, count: number): Promise<void> => {
    expect((await ingest(app.url, writer, sessions(count))).accepted).toBe(count);
    await app.get?.(ChangeSequencerService).flush();
  };
  /** Waits until the log has a checkpoint of all its entries. */
  const signedUpTo = (size: number, name: string): Promise<string[]> =>
    pollUntil(
      async () => notesOf(file(name)),
      (notes) => notes.some((note) => opened(note, publicKey(name)).size === size),
    );
  const leaves = async (): Promise<string[]> => {
    const rows = await sql<{ leaf: string }>('SELECT HEX(leaf) AS leaf FROM session_changes ORDER BY seq');
    return rows.map(({ leaf }) => leaf.toLowerCase());
  };
  const expectRoots = async (checkpoints: readonly TreeCheckpoint[]): Promise<void> => {
    const all = await leaves();
    const questions = checkpoints.map(({ size }) => ({ ask: 'root', leaves: all.slice(0, size) }));
    expect(askPython(SCRIPT, questions)).toEqual(checkpoints.map(({ root }) => root.toString('hex')));
  };

  it('are signed as it grows and when the process ends, and have the roots of its first entries', async () => {
    const app = await start('own');
    const before = Date.now();
    for (const [count, size] of [
      [3, 3],
      [5, 8],
      [300, 308],
    ] as const) {
      await add(app, count);
      await signedUpTo(size, 'own');
    }
    await add(app, 2);
    await app.close();
    const notes = notesOf(file('own'));
    const checkpoints = notes.map((note) => opened(note, publicKey('own')));
    const sizes = checkpoints.map(({ size }) => size);
    expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
    expect(sizes.at(-1)).toBe(310);
    await expectRoots(checkpoints);
    const { origin } = checkpoints[0]!;
    expect(origin).toMatch(/^session-audit\/[0-9a-f]{16}$/);
    for (const { origin: other, timeMs } of checkpoints) {
      expect(other).toBe(origin);
      expect(timeMs).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000);
    }
    const stored = await sql<{ note: string }>('SELECT note FROM change_checkpoints ORDER BY size');
    expect(stored.map(({ note }) => note)).toEqual(notes);
  });

  it('of several processes with keys of their own are of one log', async () => {
    const names = ['first', 'second', 'third'];
    const started = await Promise.all(names.map((name) => start(name, { AUDIT_CHECKPOINT_INTERVAL: 100 })));
    await Promise.all(
      started.map(async (app) => {
        for (let batch = 0; batch < 5; batch++) await add(app, 4);
      }),
    );
    for (const app of started) await app.close();
    const checkpoints = names.flatMap((name) => notesOf(file(name)).map((note) => opened(note, publicKey(name))));
    const sizes = checkpoints.map(({ size }) => size);
    expect(Math.max(...sizes)).toBe(60);
    expect(new Set(sizes).size).toBe(sizes.length);
    expect(new Set(checkpoints.map(({ origin }) => origin)).size).toBe(1);
    await expectRoots(checkpoints);
  });

  it('are written to standard output', async () => {
    const env = { AUDIT_CHECKPOINTS: 'stdout', AUDIT_SIGNING_KEY: keyFile('own'), AUDIT_CHECKPOINT_RECORDS: '2' };
    const server = await startServerProcess(database.url, env);
    try {
      await add(server, 2);
      const notes = await pollUntil(
        async () => notesIn(server.output()),
        (found) => found.length > 0,
      );
      const checkpoints = notes.map((note) => opened(note, publicKey('own')));
      expect(checkpoints.map(({ size }) => size)).toEqual([2]);
      await expectRoots(checkpoints);
    } finally {
      await server.stop();
    }
  });

  describe('are refused', () => {
    let app: SigningApp;
    beforeEach(async () => {
      app = await start('own', { AUDIT_CHECKPOINT_RECORDS: 1_000_000 });
      await add(app, 5);
      await app.close();
      expect(notesOf(file('own'))).toHaveLength(1);
      app = await start('own', { AUDIT_CHECKPOINT_RECORDS: 1_000_000 });
    });
    const sign = () => app.get(ChangeCheckpointsService).signCheckpoint(loadSigningKey(keyFile('own')), 1);
    const frontier = (texts: readonly string[]): string => {
      const tree = Frontier.of(0, Buffer.alloc(0));
      for (const leaf of texts) tree.append(Buffer.from(leaf, 'hex'));
      return `UPDATE change_head SET size = ${tree.size}, frontier = X'${tree.bytes().toString('hex')}'`;
    };
    const forged = leafHash('forged').toString('hex');

    it('if an entry was replaced', async () => {
      await add(app, 1);
      await sql(`UPDATE session_changes SET leaf = X'${forged}' WHERE seq = 2`);
      await expect(sign()).rejects.toThrow('The stored hashes do not lead to the root of 6 entries.');
    });

    it('if the log was rewritten with all its hashes', async () => {
      await add(app, 1);
      await sql(`UPDATE session_changes SET leaf = X'${forged}' WHERE seq = 2`);
      await sql(frontier(await leaves()));
      await expect(sign()).rejects.toThrow('The first 5 entries are not those that were signed');
      await sql('DELETE FROM change_checkpoints');
      expect(await sign()).toContain('session-log-checkpoint'); // only kept copies tell now
    });

    it('if the log was cut', async () => {
      await sql('DELETE FROM session_changes WHERE seq > 3', frontier((await leaves()).slice(0, 3)));
      await expect(sign()).rejects.toThrow('The log has 3 entries, but a checkpoint covers 5.');
      await add(app, 4);
      await expect(sign()).rejects.toThrow('The first 5 entries are not those that were signed');
    });

    it('by the process that signed before, even if the checkpoints were deleted', async () => {
      await add(app, 1);
      await sign();
      await sql(
        'DELETE FROM change_checkpoints',
        `UPDATE session_changes SET leaf = X'${forged}' WHERE seq = 2`,
        frontier((await leaves()).map((leaf, i) => (i === 1 ? forged : leaf))),
      );
      await add(app, 1);
      await expect(sign()).rejects.toThrow('The first 6 entries are not those that were signed');
    });

    it('if nothing was added', async () => {
      expect(await sign()).toBeNull();
    });
  });
});
