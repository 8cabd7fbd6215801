import { TimeZone } from '../../platform/time/time-zone.js';
import type { IngestRecord } from '../ingestion/pipeline/ingest-record.js';
import { validateRecord } from '../ingestion/pipeline/validate-record.js';
import { sampleOrganisation } from './sample-organisation.js';

const HOUR_MS = 3_600_000;
const sample = (now: string, seed = 1): IngestRecord[] => [...sampleOrganisation(Date.parse(now), seed)];
const minutes = ({ loginDate, logoutDate }: IngestRecord) => (Date.parse(logoutDate!) - Date.parse(loginDate)) / 60_000;

/** A working afternoon, a working night, a weekend, the first and the last moment of a day. */
const MOMENTS = [
  '2026-11-24T15:00:00.000Z',
  '2026-11-24T03:12:45.678Z',
  '2026-11-22T12:00:00.000Z',
  '2026-11-23T00:00:00.000Z',
  '2026-11-27T23:59:59.999Z',
];

describe.each(MOMENTS)('the sample organisation at %s', (now) => {
  const records = sample(now);
  const live = records.filter((r) => r.logoutDate === null && Date.parse(r.lastSeen!) > Date.parse(now) - 60_000);

  it('has 12 machines, 15 users, about 300 sessions and about 6,000 activities', () => {
    expect(new Set(records.map((r) => r.clientGuid)).size).toBe(12);
    expect(new Set(records.map((r) => r.userName)).size).toBe(15);
    expect(records.length).toBeGreaterThan(220);
    expect(records.length).toBeLessThan(380);
    const activities = records.reduce((sum, r) => sum + r.activities!.length, 0);
    expect(activities).toBeGreaterThan(4_500);
    expect(activities).toBeLessThan(8_000);
  });

  it('holds only records that ingestion accepts, each session once, in the order of logins', () => {
    const utc = new TimeZone('UTC');
    expect(records.map((r) => validateRecord(r, utc)).filter((r) => 'detail' in r)).toEqual([]);
    expect(new Set(records.map((r) => r.externalId)).size).toBe(records.length);
    const logins = records.map((r) => r.loginDate);
    expect(logins).toEqual([...logins].sort());
  });

  it('says nothing about the future, and has every activity inside its session', () => {
    // One assertion for all: thousands of them take seconds.
    const unordered = records.flatMap(({ loginDate, logoutDate, lastSeen, activities }) => {
      const last = logoutDate ?? lastSeen!;
      return [[loginDate, last, now], ...activities!.map(({ at }) => [loginDate, at, last])].filter(
        ([first, second, third]) => first! > second! || second! > third!,
      );
    });
    expect(unordered).toEqual([]);
  });

  it('has live, silent, overnight, long and overlapping sessions, and a lost one', () => {
    expect(live.length).toBeGreaterThanOrEqual(2);
    expect(records.filter((r) => r.activities!.length === 0).length).toBeGreaterThanOrEqual(5);
    const ended = records.filter((r) => r.logoutDate !== null);
    expect(ended.filter((r) => r.loginDate.slice(0, 10) < r.logoutDate!.slice(0, 10)).length).toBeGreaterThanOrEqual(7);
    expect(ended.filter((r) => minutes(r) > 3 * 24 * 60)).toHaveLength(1);
    const overlaps = ended.some((a) =>
      ended.some((b) => a.clientGuid === b.clientGuid && a.userName !== b.userName && within(b.loginDate, a)),
    );
    expect(overlaps).toBe(true);
    const silentFor = (r: IngestRecord) => Date.parse(now) - Date.parse(r.lastSeen!);
    expect(records.filter((r) => r.logoutDate === null && silentFor(r) > 24 * HOUR_MS)).toHaveLength(1);
  });

  it('has logons at the console, over Remote Desktop with an address, in batches and as a service', () => {
    expect(new Set(records.map((r) => r.logonType))).toEqual(
      new Set(['interactive', 'remoteInteractive', 'batch', 'service']),
    );
    const remote = records.filter((r) => r.logonType === 'remoteInteractive');
    for (const { remoteAddress, remoteHost, terminal } of remote)
      expect([remoteAddress, remoteHost, terminal]).toEqual([
        expect.stringMatching(/^(192\.0\.2\.\d{2,3}|2001:db8:20::[12])$/),
        expect.stringMatching(/^[A-Z0-9-]+$/),
        expect.stringMatching(/^RDP-Tcp#\d{1,2}$/),
      ]);
  });

  it('is the same for the same seed and another for another', () => {
    expect(sample(now)).toEqual(records);
    expect(sample(now, 2).map((r) => r.loginDate)).not.toEqual(records.map((r) => r.loginDate));
  });
});

describe('the same day, later', () => {
  const earlier = sample('2026-11-24T10:00:00Z');
  const later = new Map(sample('2026-11-24T17:30:00Z').map((r) => [r.externalId, r]));

  it('keeps every session, with its login and activities, and ends some that were live', () => {
    for (const record of earlier) {
      const { loginDate, clientGuid, userName, activities } = later.get(record.externalId)!;
      expect({ loginDate, clientGuid, userName }).toEqual({
        ...{ loginDate: record.loginDate, clientGuid: record.clientGuid, userName: record.userName },
      });
      expect(activities!.slice(0, record.activities!.length)).toEqual(record.activities);
    }
    expect(earlier.some((r) => r.logoutDate === null && later.get(r.externalId)!.logoutDate !== null)).toBe(true);
    expect(later.size).toBeGreaterThan(earlier.length);
  });
});

function within(instant: string, { loginDate, logoutDate }: IngestRecord): boolean {
  return instant > loginDate && instant < logoutDate!;
}
