import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogItem } from '../log-reader.js';
import { readWtmp } from './wtmp.reader.js';

const BOOT = 2;
const RUN_LEVEL = 1;
const LOGIN = 7;
const LOGOUT = 8;

interface Fields {
  type: number;
  seconds: number;
  user?: string | Buffer;
  line?: string;
  pid?: number;
  microseconds?: number;
  host?: string;
  address?: number[];
}

function record({
  type,
  seconds,
  user = '',
  line = 'pts/0',
  pid = 42,
  microseconds = 0,
  host = '',
  address = [],
}: Fields): Buffer {
  const bytes = Buffer.alloc(384);
  bytes.writeInt16LE(type, 0);
  bytes.writeInt32LE(pid, 4);
  bytes.write(line, 8, 32);
  Buffer.from(user).copy(bytes, 44, 0, 32);
  bytes.writeUInt32LE(seconds, 340);
  bytes.writeUInt32LE(microseconds, 344);
  bytes.write(host, 76, 256);
  bytes.set(address, 348);
  return bytes;
}

const login = (seconds: number, user = 'ann', more: Partial<Fields> = {}) =>
  record({ type: LOGIN, seconds, user, ...more });
const logout = (seconds: number, more: Partial<Fields> = {}) => record({ type: LOGOUT, seconds, ...more });
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'wtmp-'))));
afterAll(() => rm(folder, { recursive: true }));

async function read(...parts: Buffer[]): Promise<LogItem[]> {
  const path = join(folder, 'wtmp');
  await writeFile(path, Buffer.concat(parts));
  const items: LogItem[] = [];
  for await (const item of readWtmp([path], { host: 'mars', timeZone: 'UTC' })) items.push(item);
  return items;
}

/** The origin of the only session. */
function originOf([item]: LogItem[]): object {
  if (!item || 'rejected' in item) throw new Error('no session');
  const { remoteAddress, remoteHost, logonType, terminal } = item.record;
  return { remoteAddress, remoteHost, logonType, terminal };
}

/** `user login logout` of each session, in seconds; `-` when it is open. */
async function sessions(...parts: Buffer[]): Promise<string[]> {
  const seconds = (date: string | null) => (date === null ? '-' : Date.parse(date) / 1000);
  return (await read(...parts)).map((item) =>
    'rejected' in item
      ? `rejected ${item.position}`
      : `${item.record.userName} ${seconds(item.record.loginDate)} ${seconds(item.record.logoutDate)}`,
  );
}

describe('wtmp', () => {
  it('makes one record of a login and a logout on the same line', async () => {
    expect(await read(login(1000, 'ann', { microseconds: 123_999 }), logout(2000, { pid: 7 }))).toEqual([
      {
        position: 'record 1 at byte 0',
        record: {
          externalId: 'wtmp:pts/0:42:1000.123999:ann',
          clientGuid: 'mars',
          clientName: 'mars',
          userName: 'ann',
          loginDate: '1970-01-01T00:16:40.123Z',
          logoutDate: iso(2000),
          terminal: 'pts/0',
        },
      },
    ]);
  });

  it.each<[string, Partial<Fields>, object]>([
    ['an SSH login', { host: 'laptop', address: [192, 0, 2, 1] }, { remoteAddress: '192.0.2.1', remoteHost: 'laptop' }],
    ['a host that is an address', { host: '192.0.2.1' }, { remoteAddress: '192.0.2.1' }],
    [
      'an IPv6 address',
      { address: [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] },
      { remoteAddress: '2001:db8::1' },
    ],
    ['mosh', { host: '192.0.2.1 via mosh [12]' }, { remoteAddress: '192.0.2.1' }],
  ])('reads where %s came from', async (_, fields, origin) => {
    const expected = { ...origin, logonType: 'remoteInteractive', terminal: 'pts/0' };
    expect(originOf(await read(login(1000, 'ann', fields)))).toEqual(expected);
  });

  it.each<[string, Partial<Fields>, object]>([
    ['a console', { line: 'tty1' }, { logonType: 'interactive', terminal: 'tty1' }],
    ['an X display', { line: 'pts/1', host: ':0' }, { logonType: 'interactive', terminal: 'pts/1' }],
    ['a terminal multiplexer', { host: 'tmux(12).%0' }, { terminal: 'pts/0' }],
    ['ftp', { line: 'ftpd12', host: 'laptop' }, { logonType: 'network', remoteHost: 'laptop', terminal: 'ftpd12' }],
  ])('knows a login through %s', async (_, fields, origin) => {
    expect(originOf(await read(login(1000, 'ann', fields)))).toEqual(origin);
  });

  it('closes in a longer copy what the shorter one left open, under the same externalId', async () => {
    const [short] = await read(login(1000));
    const [long] = await read(login(1000), logout(2000));
    const record = (item: LogItem | undefined) => (item as Extract<LogItem, { record: unknown }>).record;
    expect(record(short).logoutDate).toBeNull();
    expect(record(long)).toEqual({ ...record(short), logoutDate: iso(2000) });
  });

  it('ends the session of a line at the next login on it', async () => {
    expect(await sessions(login(1000), login(1500, 'bob'), logout(1600))).toEqual(['ann 1000 1500', 'bob 1500 1600']);
  });

  it('keeps a login that was written twice as one session', async () => {
    expect(await sessions(login(1000), login(1000))).toEqual(['ann 1000 -']);
  });

  it('does not end a session on another line', async () => {
    expect(await sessions(login(1000), logout(1500, { line: 'pts/1' }))).toEqual(['ann 1000 -']);
  });

  it.each([
    ['a boot', { type: BOOT, line: '~', user: 'reboot' }],
    ['a shutdown', { type: RUN_LEVEL, line: '~', user: 'shutdown' }],
    ['run level 0', { type: RUN_LEVEL, line: '~', user: 'runlevel', pid: 0x3530 }],
    ['run level 6', { type: RUN_LEVEL, line: '~', user: 'runlevel', pid: 0x3536 }],
  ])('ends all sessions at %s', async (_, end) => {
    const both = [login(1000), login(1100, 'bob', { line: 'tty1' }), record({ ...end, seconds: 3000 })];
    expect(await sessions(...both)).toEqual(['ann 1000 3000', 'bob 1100 3000']);
  });

  it('ends no session at another run level', async () => {
    const level = record({ type: RUN_LEVEL, line: '~', user: 'runlevel', pid: 0x3035, seconds: 1500 });
    expect(await sessions(login(1000), level)).toEqual(['ann 1000 -']);
  });

  it('never ends a session before its login when the clock was set back', async () => {
    expect(await sessions(login(5000), record({ type: BOOT, seconds: 4000 }))).toEqual(['ann 5000 5000']);
  });

  it('reads seconds as unsigned, so that times after 2038 work', async () => {
    expect(await sessions(login(4_000_000_000))).toEqual(['ann 4000000000 -']);
  });

  it('distinguishes sessions without a line by their process', async () => {
    const noLine = [login(1000, 'ann', { line: '', pid: 1 }), login(1100, 'bob', { line: '', pid: 2 })];
    expect(await sessions(...noLine, logout(1200, { line: '', pid: 1 }))).toEqual(['ann 1000 1200', 'bob 1100 -']);
  });

  it('replaces invalid characters in a name', async () => {
    const [item] = await read(record({ type: LOGIN, seconds: 1000, user: Buffer.from([0x61, 0xff, 0x1b, 0x62]) }));
    expect(item).toMatchObject({ record: { userName: 'a\ufffd\ufffdb' } });
  });

  it.each([
    ['an unknown type', record({ type: 99, seconds: 1000 }), 'unknown record type 99'],
    ['a login without a time', login(0), 'a record of type 7 without a time'],
    ['a boot without a time', record({ type: BOOT, seconds: 0 }), 'a record of type 2 without a time'],
    ['a login without a user', login(1000, ''), 'a login without a user'],
    ['stray bytes', Buffer.alloc(50, 1), 'the file ends with 50 stray bytes, less than a whole record'],
  ])('rejects %s and says where', async (_, bad, rejected) => {
    const [first, second] = await read(login(1000, 'ann', { line: 'tty9' }), bad);
    expect(first).toEqual({ position: 'record 2 at byte 384', rejected });
    expect(second).toMatchObject({ record: { userName: 'ann', logoutDate: null } });
  });

  it('reads across the chunks of a large file', async () => {
    const many = Array.from({ length: 1100 }, (_, i) => [login(1000 + 2 * i), logout(1001 + 2 * i)]).flat();
    const found = await sessions(...many);
    expect(found).toHaveLength(1100);
    expect(found[1099]).toBe('ann 3198 3199');
  });

  it.each([
    ['64-bit ARM', 400, arm(false)],
    ['s390', 400, arm(true)],
    ['macOS', 628, macos()],
  ])('reads the records of %s, and where each stands', async (_, bytes, one) => {
    const record = { clientGuid: 'mars', userName: 'ann', loginDate: '2023-11-14T22:13:20.250Z', logoutDate: null };
    expect(await read(one)).toMatchObject([{ position: 'record 1 at byte 0', record }]);
    const unknown = Buffer.from(one).fill(0x7f, bytes === 628 ? 296 : 0, bytes === 628 ? 298 : 2);
    expect((await read(one, one, one, unknown))[0]).toEqual({
      position: `record 4 at byte ${3 * bytes}`,
      rejected: 'unknown record type 32639',
    });
  });

  it('treats record types of macOS as unknown on other systems', async () => {
    expect(await sessions(login(1000), record({ type: 11, seconds: 2000 }))).toEqual([
      'rejected record 2 at byte 384',
      'ann 1000 -',
    ]);
  });
});

function arm(bigEndian: boolean): Buffer {
  const bytes = Buffer.alloc(400);
  bytes.writeInt16LE(LOGIN, 0);
  bytes.write('pts/0', 8);
  bytes.write('ann', 44);
  bytes.writeBigInt64LE(1_700_000_000n, 344);
  bytes.writeBigInt64LE(250_999n, 352);
  if (bigEndian) {
    bytes.writeInt16BE(LOGIN, 0);
    bytes.writeBigInt64BE(1_700_000_000n, 344);
    bytes.writeBigInt64BE(250_999n, 352);
  }
  return bytes;
}

function macos(): Buffer {
  const bytes = Buffer.alloc(628);
  bytes.write('ann', 0);
  bytes.write('ttys000', 260);
  bytes.writeInt16LE(LOGIN, 296);
  bytes.writeUInt32LE(1_700_000_000, 300);
  bytes.writeUInt32LE(250_999, 304);
  return bytes;
}
