import { appendFileSync, copyFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentLogger } from './agent-logger.js';
import { FileTail } from './file-tail.js';

describe('a log that is followed', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'tail-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([
    ['while its lines were taken', true],
    ['between two looks', false],
  ])('is begun anew when it was copied, truncated and grew past the old place %s', async (_, within) => {
    const path = join(folder, 'log');
    writeFileSync(path, 'one\n');
    const rotate = () => {
      appendFileSync(path, 'two\n');
      copyFileSync(path, `${path}.1`);
      truncateSync(path);
      appendFileSync(path, 'three and more\nfour\n');
    };
    const tail = new FileTail(path, 0, new AgentLogger());
    let seen = '';
    const take = (bytes: Buffer) => {
      if (within && seen === '') rotate();
      seen += bytes.toString();
      return bytes.length;
    };
    await tail.poll(take);
    if (!within) rotate();
    for (let looks = 0; looks < 10; looks++) await tail.poll(take);
    await tail.close();
    expect(seen).toBe('one\ntwo\nthree and more\nfour\n');
  });
});
