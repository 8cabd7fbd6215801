import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifiedParts, writeManifest } from './backup-folder.js';

const SCHEMA = 'AddSomething1764000000000';
const knowsSchema = (name: string) => name === SCHEMA;

describe('the folder of a backup', () => {
  let folder: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'backup-folder-'));
    writeFileSync(join(folder, 'sessions.db'), 'rows');
    writeFileSync(join(folder, 'audit-checkpoints.ndjson'), '');
    await writeManifest(folder, { version: '1.0.0', schema: SCHEMA }, ['database', 'checkpoints']);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is complete with its manifest', async () => {
    expect(await verifiedParts(folder, knowsSchema)).toEqual(['database', 'checkpoints']);
  });

  it.each([
    [
      'a changed file',
      'sessions.db is not the file',
      (path: string) => writeFileSync(join(path, 'sessions.db'), 'rowz'),
    ],
    [
      'a missing file',
      'lacks audit-checkpoints.ndjson',
      (path: string) => rmSync(join(path, 'audit-checkpoints.ndjson')),
    ],
    ['no manifest', 'not a complete backup', (path: string) => rmSync(join(path, 'manifest.json'))],
    ['an unknown schema', 'newer version', (path: string) => edit(path, SCHEMA, 'FromTheFuture')],
    ['an unknown format', 'newer version', (path: string) => edit(path, '"format": 1', '"format": 2')],
  ])('is refused with %s', async (_fault, message, damage) => {
    damage(folder);
    await expect(verifiedParts(folder, knowsSchema)).rejects.toThrow(message);
  });
});

function edit(folder: string, from: string, to: string): void {
  const path = join(folder, 'manifest.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
}
