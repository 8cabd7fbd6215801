import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { FORMAT_NAMES, type FormatName } from './format-names.js';
import { LOG_FORMATS } from './log-formats.js';
import type { ReadingNote } from './log-reader.js';

const SYSLOG = 'Nov  5 10:00:00 mars sshd[7]: pam_unix(sshd:session): session opened for user ann by (uid=0)\n';
const JOURNAL = '{"__REALTIME_TIMESTAMP":"1","MESSAGE":"x"}\n';
const EVTX = Buffer.concat([Buffer.from('ElfFile\0', 'latin1'), Buffer.alloc(4088, 1)]);
const WTMP = Buffer.alloc(384);
WTMP.writeInt16LE(7, 0);
WTMP.write('pts/0', 8);
WTMP.write('ann', 44);
WTMP.writeUInt32LE(1_600_000_000, 340);

let path: string;
beforeAll(async () => (path = join(await mkdtemp(join(tmpdir(), 'formats-')), 'x.log')));
afterAll(() => rm(join(path, '..'), { recursive: true }));

async function read(
  format: FormatName,
  content: string | Buffer,
  options: { timeZone?: string; isZoneGiven?: boolean } = {},
) {
  await writeFile(path, content);
  const notes: ReadingNote[] = [];
  const items: unknown[] = [];
  const onNote = (note: ReadingNote) => void notes.push(note);
  for await (const item of LOG_FORMATS[format]([path], { host: 'mars', timeZone: 'UTC', onNote, ...options }))
    items.push(item);
  return { items, notes };
}

describe('log formats', () => {
  it.each<[FormatName, string | Buffer, string]>([
    [
      'wtmp',
      gzipSync(JOURNAL),
      'login records (wtmp); it looks like gzip-compressed JSON lines of the systemd journal',
    ],
    ['wtmp', SYSLOG, 'login records (wtmp); it looks like syslog lines (--format authlog)'],
    ['authlog', WTMP, 'syslog lines (auth.log, secure); it looks like login records (--format wtmp)'],
    ['journald', SYSLOG.repeat(3000), 'JSON of the systemd journal (journalctl -o json); it looks like syslog lines'],
    ['cowrie', JOURNAL, 'JSON lines of Cowrie (cowrie.json); it looks like JSON lines of the systemd journal'],
    ['ndjson', JOURNAL, 'loginDate); it looks like JSON lines of the systemd journal (--format journald)'],
    ['windows-security', SYSLOG, 'or events as XML or JSON); it looks like syslog lines'],
    ['windows-security', JOURNAL, 'or events as XML or JSON); it looks like JSON lines of the systemd journal'],
    ['windows-security', '<html><body/></html>', 'or events as XML or JSON); it looks like XML or HTML'],
    ['windows-security', 'PK\x03\x04\x14', 'or events as XML or JSON); it looks like a zip archive (unpack it first)'],
    ['guacamole', EVTX, 'a table with the expected columns; it looks like a binary Windows event log (.evtx; --format'],
    ['journald', 'id,user,from\n1,ann,x\n', '(journalctl -o json); it looks like a table with separated columns'],
  ])('%s refuses a file of another format, and says what it looks like (%#)', async (format, content, message) => {
    await expect(read(format, content)).rejects.toThrow(message);
  });

  it.each(FORMAT_NAMES.filter((format) => format !== 'csv'))('%s takes an empty file', async (format) => {
    expect((await read(format, '')).items).toEqual([]);
  });

  it('rejects the pieces of a damaged file one by one', async () => {
    expect((await read('journald', '{"__REALTIME_TIMESTAMP":\n{"MESSAGE"\n')).items).toHaveLength(2);
  });

  it('note a guessed year and an assumed zone, but not what was given or is not used', async () => {
    const zone = { kind: 'zone-assumed', zone: 'UTC' };
    const year = { kind: 'year-guessed', year: expect.any(Number) };
    expect((await read('authlog', SYSLOG)).notes).toEqual([year, zone]);
    expect((await read('authlog', SYSLOG, { isZoneGiven: true })).notes).toEqual([year]);
    expect((await read('authlog', SYSLOG.replace('Nov  5 10:00:00', '2021-11-05T10:00:00Z'))).notes).toEqual([]);
  });

  it('note which Windows logons are left out', async () => {
    const logon = (LogonType: number, id: number) =>
      JSON.stringify({ EventID: 4624, Hostname: 'PC1', TimeCreated: '2021-03-01T10:00:00Z', TargetLogonId: `0x${id}`, LogonType }); // prettier-ignore
    const { notes } = await read('windows-security', [logon(3, 1), logon(3, 2), logon(5, 3), logon(2, 4)].join('\n'));
    const text = 'left out: 2 network logons (type 3), 1 service logon (type 5); --logon-types all includes them';
    expect(notes).toEqual([{ kind: 'remark', text }]);
  });

  it('use EventTime of NXLog for sessions and activities, and note its offset', async () => {
    const event = (EventID: number, stamp: string, EventTime: string, more: object) =>
      JSON.stringify({ EventID, Hostname: 'PC1', '@timestamp': stamp, EventTime, ...more });
    const events = [
      event(4624, '2021-03-01T10:00:18.5Z', '2021-03-01 05:00:00', { TargetLogonId: '0x1', LogonType: 2 }),
      event(4688, '2021-03-01T10:05:02Z', '2021-03-01 05:05:00', { SubjectLogonId: '0x1' }),
      event(4634, '2021-03-01T10:30:07Z', '2021-03-01 05:30:00', { TargetLogonId: '0x1', LogonType: 2 }),
    ];
    const { items, notes } = await read('windows-security', events.join('\n'));
    const times = { loginDate: '2021-03-01T10:00:00.000Z', logoutDate: '2021-03-01T10:30:00.000Z' };
    expect(items).toMatchObject([{ record: { ...times, activities: [{ at: '2021-03-01T10:05:00.000Z' }] } }]);
    expect(notes).toMatchObject([{ text: expect.stringContaining('EventTime at UTC-05:00') }]);
  });
});
