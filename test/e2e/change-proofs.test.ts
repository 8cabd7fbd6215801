import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '../../src/cli/context.js';
import { AppConfig } from '../../src/config/app-config.js';
import { ChangeCheckpointsService } from '../../src/modules/changes/checkpoints/change-checkpoints.service.js';
import { verifyCheckpoint } from '../../src/modules/changes/checkpoints/checkpoint-signature.js';
import type { TreeCheckpoint } from '../../src/modules/changes/checkpoints/tree-checkpoint.js';
import { ChangeSequencerService } from '../../src/modules/changes/log/change-sequencer.service.js';
import { Frontier } from '../../src/modules/changes/tree/frontier.js';
import { leafHash } from '../../src/modules/changes/tree/hashes.js';
import { formatTilePath } from '../../src/modules/changes/tree/tile-path.js';
import { loadSigningKey } from '../../src/modules/checkpoints/signing-key.js';
import { auditRecords, pollUntil } from '../support/audit.js';
import { type FreshDatabase, type TestEngine, engines, freshDatabase } from '../support/engines.js';
import { ingest, rawRequest } from '../support/http.js';
import { askPython } from '../support/python.mjs';
import { keyFor } from '../support/server-process.js';
import { type SigningApp, startSigningApp } from '../support/signing-app.js';

const SCRIPT = fileURLToPath(new URL('../support/merkle/rfc9162.py', import.meta.url));
/** More than a tile of leaves, so that the tree has two levels of tiles. */
const BATCHES = [1, 2, 4, 249, 1, 300];

interface Inclusion {
  readonly seq: number;
  readonly size: number;
  readonly entry: string;
  readonly leaf: string;
  readonly root: string;
  readonly proof: string[];
}

interface Consistency {
  readonly from: number;
  readonly fromRoot: string;
  readonly to: number;
  readonly toRoot: string;
  readonly proof: string[];
}

const hex = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');

function sessions(first: number, count: number): object[] {
  return Array.from({ length: count }, (_, i) => {
    const n = first + i;
    const loginDate = new Date(Date.UTC(2021, 3, 1) + n * 60_000).toISOString();
    const who = { externalId: String(n), clientGuid: `c${n % 3}`, clientName: 'c', userName: 'u' };
    return { ...who, loginDate, logoutDate: null };
  });
}

describe.each(engines)('the tree of the change log over HTTP on $name', (engine: TestEngine) => {
  let database: FreshDatabase;
  let directory: string;
  let app: SigningApp;
  let reader: string;
  let limited: string;
  /** One after each batch. */
  const checkpoints: TreeCheckpoint[] = [];
  const size = BATCHES.reduce((sum, count) => sum + count, 0);

  const raw = (path: string, key = reader, headers = {}) =>
    rawRequest(app.url, `/api/v1/log/${path}`, { headers: { ApiKey: key, ...headers } });
  const bytes = async (path: string): Promise<Buffer> => {
    const answer = await fetch(`${app.url}/api/v1/log/${path}`, { headers: { ApiKey: reader } });
    expect([path, answer.status]).toEqual([path, 200]);
    expect(answer.headers.get('Content-Type')).toBe('application/octet-stream');
    return Buffer.from(await answer.arrayBuffer());
  };
  const json = async <T>(path: string): Promise<T> => {
    const { status, body } = await raw(path);
    expect([path, status]).toEqual([path, 200]);
    return JSON.parse(body) as T;
  };

  beforeAll(async () => {
    database = await freshDatabase(engine);
    await migrate(Object.assign(new AppConfig(), { DATABASE_URL: database.url }));
    directory = mkdtempSync(join(tmpdir(), 'change-proofs-'));
    const AUDIT_SIGNING_KEY = join(directory, 'key.pem');
    app = await startSigningApp(database.url, { AUDIT_SIGNING_KEY, AUDIT_CHECKPOINTS: 'off' });
    reader = await keyFor(database.url, { scopes: ['changes:read', 'audit:read'] });
    limited = await keyFor(database.url, { scopes: ['changes:read'], clientGuids: ['c0'] });
    const writer = await keyFor(database.url, { scopes: ['ingest:write'] });
    expect((await raw('checkpoint')).status).toBe(404);
    const key = loadSigningKey(AUDIT_SIGNING_KEY);
    for (const [i, count] of BATCHES.entries()) {
      const first = BATCHES.slice(0, i).reduce((sum, n) => sum + n, 0);
      expect((await ingest(app.url, writer, sessions(first, count))).accepted).toBe(count);
      await app.get(ChangeSequencerService).flush();
      await app.get(ChangeCheckpointsService).signCheckpoint(key, 1);
      const { status, type, body } = await raw('checkpoint');
      expect([status, type]).toEqual([200, 'text/plain; charset=utf-8']);
      const verdict = verifyCheckpoint(body, [createPublicKey(key)]);
      if (verdict.kind !== 'verified') throw new Error(verdict.kind);
      checkpoints.push(verdict.checkpoint);
    }
  });
  afterAll(async () => {
    await app?.close();
    await database?.drop();
    rmSync(directory, { recursive: true });
  });

  it('has a checkpoint of all entries after each batch', () => {
    let sum = 0;
    expect(checkpoints.map(({ size }) => size)).toEqual(BATCHES.map((count) => (sum += count)));
  });

  it('gives proofs of inclusion that another implementation verifies against the checkpoint', async () => {
    const { size: newest, root } = checkpoints.at(-1)!;
    const questions = [];
    for (const seq of [1, 2, 3, 7, 255, 256, 257, 258, 511, 512, 513, size]) {
      const proof = await json<Inclusion>(`proofs/inclusion?seq=${seq}&size=${newest}`);
      expect([proof.seq, proof.size, hex(proof.root)]).toEqual([seq, newest, root.toString('hex')]);
      expect(leafHash(proof.entry).toString('base64')).toBe(proof.leaf);
      const { leaf, proof: path } = proof;
      const parts = { leaf: hex(leaf), proof: path.map(hex), root: root.toString('hex') };
      questions.push({ ask: 'verify-inclusion', index: seq - 1, size: newest, ...parts });
    }
    const wrong = questions.map((question) => ({ ...question, index: (question.index + 1) % newest }));
    const answers = askPython(SCRIPT, [...questions, ...wrong]);
    expect(answers).toEqual([...questions.map(() => true), ...wrong.map(() => false)]);
  });

  it('gives proofs of consistency of each two checkpoints that another implementation verifies', async () => {
    const questions = [];
    for (const [i, second] of checkpoints.entries())
      for (const first of checkpoints.slice(0, i)) {
        const proof = await json<Consistency>(`proofs/consistency?from=${first.size}&to=${second.size}`);
        const roots = { firstRoot: hex(proof.fromRoot), secondRoot: hex(proof.toRoot) };
        expect(roots).toEqual({ firstRoot: first.root.toString('hex'), secondRoot: second.root.toString('hex') });
        const sizes = { first: first.size, second: second.size };
        questions.push({ ask: 'verify-consistency', ...sizes, ...roots, proof: proof.proof.map(hex) });
      }
    expect(questions.length).toBeGreaterThan(10);
    expect(askPython(SCRIPT, questions)).toEqual(questions.map(() => true));
  });

  it('takes all entries where no size is given', async () => {
    expect(await json<Inclusion>('proofs/inclusion?seq=1')).toMatchObject({ size });
    expect(await json<Consistency>('proofs/consistency?from=0')).toMatchObject({ from: 0, to: size, proof: [] });
  });

  it('can be rebuilt from its entries, and from its tiles', async () => {
    const frontier = Frontier.of(0, Buffer.alloc(0));
    const leaves: Buffer[] = [];
    for (let index = 0; index * 256 < size; index++) {
      const path = { index, width: Math.min(256, size - index * 256) };
      const bundle = await bytes(`tile/${formatTilePath({ level: 'entries', ...path })}`);
      for (let at = 0; at < bundle.length; at += 2 + bundle.readUInt16BE(at))
        leaves.push(leafHash(bundle.subarray(at + 2, at + 2 + bundle.readUInt16BE(at))));
      const tile = await bytes(`tile/${formatTilePath({ level: 0, ...path })}`);
      expect(tile).toEqual(Buffer.concat(leaves.slice(index * 256)));
    }
    for (const leaf of leaves) frontier.append(leaf);
    expect(frontier.size).toBe(size);
    expect(frontier.root()).toEqual(checkpoints.at(-1)!.root);
    const nodes = frontier.takeCompleted().map(({ hash }) => hash);
    expect(await bytes(`tile/1/000.p/${nodes.length}`)).toEqual(Buffer.concat(nodes));
  });

  it('has the partial tiles of earlier checkpoints', async () => {
    const all = await bytes('tile/0/000');
    for (const width of [1, 3, 7, 255])
      expect(await bytes(`tile/0/000.p/${width}`)).toEqual(all.subarray(0, width * 32));
  });

  it('has no other tiles', async () => {
    const last = Math.floor(size / 256);
    const beyond = [`tile/0/00${last}`, `tile/0/00${last}.p/${(size % 256) + 1}`, 'tile/1/000', 'tile/1/000.p/3'];
    const others = ['tile/2/000.p/1', 'tile/0/003.p/1', `tile/entries/00${last}`, 'tile/64/000', 'tile/63/000.p/1'];
    const malformed = ['tile/0/0', 'tile/0/000.p/256', 'tile/data/000', 'tile/0/000/', 'tile/', 'tile/0/x000/000'];
    for (const path of [...beyond, ...others, ...malformed])
      expect([path, (await raw(path)).status]).toEqual([path, 404]);
  });

  it('refuses entries and trees that do not exist, and parameters that are not understood', async () => {
    const missing = [`proofs/inclusion?seq=${size + 1}`, 'proofs/inclusion?seq=3&size=2'];
    const larger = [`proofs/inclusion?seq=1&size=${size + 1}`, `proofs/consistency?from=1&to=${size + 1}`];
    for (const path of [...missing, ...larger, 'proofs/consistency?from=3&to=2'])
      expect([path, (await raw(path)).status]).toEqual([path, 404]);
    const bad = ['inclusion', 'inclusion?seq=0', 'inclusion?seq=x', 'inclusion?seq=1&size=0', 'inclusion?seq=1&at=2'];
    for (const path of [...bad, 'consistency', 'consistency?from=-1', 'consistency?from=1&to=1.5'])
      expect([path, (await raw(`proofs/${path}`)).status]).toEqual([path, 400]);
    expect((await raw('checkpoint?size=1')).status).toBe(400);
  });

  it('is not shown to a key that is limited to some clients', async () => {
    const paths = ['checkpoint', 'tile/0/000.p/1', 'tile/entries/000.p/1', 'proofs/inclusion?seq=1'];
    for (const path of [...paths, 'proofs/consistency?from=1']) {
      const { status, body } = await raw(path, limited);
      expect([status, JSON.parse(body)]).toEqual([
        403,
        expect.objectContaining({ type: expect.stringMatching(/limited-to-clients$/) }),
      ]);
    }
  });

  it('is read with an audit record, so no cache may answer', async () => {
    expect((await raw('tile/entries/000.p/2')).headers['cache-control']).toBe('no-store');
    const actions = ['changes.checkpoint', 'changes.tile', 'changes.proof'];
    for (const action of actions) {
      const records = await pollUntil(
        () => auditRecords(app.url, reader, `?action=${action}&kind=outcome&status=200`),
        (found) => found.length > 0,
      );
      expect(records.length).toBeGreaterThan(0);
    }
    const tiles = await auditRecords(app.url, reader, '?action=changes.tile&kind=request');
    expect(tiles.map(({ filter }) => filter)).toContain('{"tile":"entries/000.p/2"}');
  });
});
