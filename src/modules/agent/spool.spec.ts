import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestRecord } from '../ingestion/pipeline/ingest-record.js';
import { retryAfterMs } from './ingest-client.js';
import { Spool } from './spool.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'spool-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const record = (externalId: string): IngestRecord => ({
  ...{
    externalId,
    clientGuid: 'c',
    clientName: 'c',
    userName: 'u',
    loginDate: '2021-01-01T00:00:00Z',
    logoutDate: null,
  },
});
const ids = (spool: Spool, max = 100) =>
  spool.peek(max, 1e6)?.lines.map((line) => (JSON.parse(line) as IngestRecord).externalId);

describe('spool', () => {
  it('gives records in order until they are acknowledged, also to the next run', () => {
    const first = new Spool(folder);
    first.append([record('1'), record('2'), record('3')]);
    first.acknowledge(first.peek(1, 1e6)!.end);
    expect(ids(first)).toEqual(['2', '3']);
    first.close();
    const next = new Spool(folder);
    next.append([record('4')]);
    expect(ids(next)).toEqual(['1', '2', '3']); // the offset within a file is not saved; sending a record again changes nothing
    next.acknowledge(next.peek(100, 1e6)!.end);
    expect(ids(next)).toEqual(['4']);
    next.acknowledge(next.peek(100, 1e6)!.end);
    expect([ids(next), next.isEmpty, next.size, readdirSync(folder)]).toEqual([undefined, true, 0, []]);
    next.append([record('5')]);
    expect(ids(next)).toEqual(['5']);
    next.close();
  });

  it('passes over a line that a crash cut off', () => {
    const first = new Spool(folder);
    first.append([record('1')]);
    first.close();
    appendFileSync(join(folder, readdirSync(folder)[0]!), '{"externalId":"tor');
    const next = new Spool(folder);
    expect(ids(next)).toEqual(['1']);
    next.acknowledge(next.peek(100, 1e6)!.end);
    expect([ids(next), next.isEmpty]).toEqual([undefined, true]);
  });
});

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    ['Mon, 01 Mar 2021 10:00:30 GMT', 30_000],
    ['Mon, 01 Mar 2021 09:00:00 GMT', 0],
    ['999999999', 3_600_000],
    ['soon', undefined],
    [null, undefined],
  ])('%s', (header, expected) => {
    expect(retryAfterMs(header, Date.UTC(2021, 2, 1, 10))).toBe(expected);
  });
});
