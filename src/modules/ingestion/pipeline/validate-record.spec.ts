import { TimeZone } from '../../../platform/time/time-zone.js';
import { MAX_ACTIVITIES } from './record-definition.js';
import { validateRecord } from './validate-record.js';

const UTC = new TimeZone('UTC');
const RECORD = {
  externalId: 'e',
  clientGuid: 'g',
  clientName: 'Machine',
  userName: 'ada',
  loginDate: '2021-04-01T10:00:00Z',
  logoutDate: null,
};
const check = (change: object, zone = UTC) => validateRecord({ ...RECORD, ...change }, zone);
const accepted = (change: object, zone = UTC) => {
  const result = check(change, zone);
  if ('detail' in result) throw new Error(result.detail);
  return result.record;
};

describe('validateRecord accepts', () => {
  it('a minimal record, with defaults for absent fields', () => {
    expect(accepted({})).toEqual({
      externalId: 'e',
      clientGuid: 'g',
      clientName: 'Machine',
      userName: 'ada',
      userDomain: '',
      loginAt: '2021-04-01 10:00:00.000',
      logoutAt: null,
      lastSeenAt: '2021-04-01 10:00:00.000',
      origin: null,
      activities: [],
    });
  });

  it('the origin of a session, each value with the instant of the record', () => {
    const values = { remoteAddress: '::FFFF:192.0.2.1', remoteHost: 'laptop', logonType: 'network', terminal: 'tty1' };
    const at = '2021-04-01 11:00:00.000';
    expect(accepted({ ...values, lastSeen: '2021-04-01T11:00:00Z' }).origin).toEqual({
      remoteAddress: { value: '00000000000000000000ffffc0000201', at },
      remoteHost: { value: 'laptop', at },
      logonType: { value: 3, at },
      terminal: { value: 'tty1', at },
    });
  });

  it('null for optional fields', () => {
    expect(accepted({ userDomain: null, lastSeen: null, activities: null })).toEqual(accepted({}));
    const noOrigin = { remoteAddress: null, remoteHost: null, logonType: null, terminal: null };
    expect(accepted(noOrigin)).toEqual(accepted({}));
  });

  it.each([
    ['the logout', { logoutDate: '2021-04-01T11:00:00Z' }],
    ['lastSeen', { lastSeen: '2021-04-01T11:00:00Z' }],
    ['an activity', { activities: [{ at: '2021-04-01T10:30:00Z' }, { at: '2021-04-01T11:00:00Z' }] }],
  ])('%s as the latest sign of life', (_, change) => {
    expect(accepted(change).lastSeenAt).toBe('2021-04-01 11:00:00.000');
  });

  it('instants without an offset as local time of the zone', () => {
    const record = accepted({ loginDate: '2021-07-01T10:00:00' }, new TimeZone('Europe/Berlin'));
    expect(record.loginAt).toBe('2021-07-01 08:00:00.000');
  });

  it('instants finer than a millisecond, truncated', () => {
    expect(accepted({ loginDate: '2021-04-01T10:00:00.1239Z' }).loginAt).toBe('2021-04-01 10:00:00.123');
  });

  it('repeated activities once, and activities that differ in one field separately', () => {
    const at = '2021-04-01T10:01:00Z';
    const activities = [{ at }, { at, title: null }, { at, title: '' }, { at, url: '' }, { at, kind: 'x' }];
    expect(accepted({ activities }).activities).toHaveLength(4);
  });

  it('lengths counted in code points, not in code units', () => {
    expect(accepted({ userName: '😀'.repeat(128) }).userName).toHaveLength(256);
  });

  it('leading and trailing white space, unchanged', () => {
    expect(accepted({ externalId: ' e ', userName: ' ' })).toMatchObject({ externalId: ' e ', userName: ' ' });
  });

  it('control characters in titles and keystrokes', () => {
    const activities = [{ at: '2021-04-01T10:01:00Z', keystrokes: 'a\tb\n', title: '\u0001' }];
    expect(accepted({ activities }).activities[0]!.fields).toEqual([null, '\u0001', null, 'a\tb\n', null]);
  });
});

describe('validateRecord computes the digest', () => {
  it('as the first 8 bytes of SHA-256 over the JSON array of the fields', () => {
    const [activity] = accepted({
      activities: [{ at: '2021-04-01T10:01:00Z', application: 'a', kind: 'k' }],
    }).activities;
    // printf '["a",null,null,null,"k"]' | sha256sum | head -c 16
    expect(activity!.digest).toBe('eb576c986011f176');
  });
});

describe('validateRecord rejects', () => {
  it.each([null, 1, 'text', [], [RECORD], true])('%j, which is not an object', (value) => {
    expect(validateRecord(value, UTC)).toEqual({ detail: 'the record is not a JSON object.' });
  });

  it.each(['externalId', 'clientGuid', 'clientName', 'userName', 'loginDate', 'logoutDate'])(
    'a record without %s',
    (field) => {
      expect(check({ [field]: undefined })).toEqual({ detail: `${field} is missing.` });
    },
  );

  it.each([
    [{ surname: 1 }, '"surname" is not a known field'],
    [JSON.parse('{"__proto__":1}') as object, '"__proto__" is not a known field'],
    [{ externalId: '' }, 'externalId is empty'],
    [{ externalId: 'x'.repeat(129) }, 'externalId is longer than 128 characters'],
    [{ externalId: 'a\nb' }, 'externalId holds a control character'],
    [{ externalId: 5 }, 'externalId is not text'],
    [{ clientGuid: 'x'.repeat(65) }, 'clientGuid is longer than 64 characters'],
    [{ clientGuid: 'a b' }, 'clientGuid must be visible ASCII characters'],
    [{ clientGuid: 'ä' }, 'clientGuid must be visible ASCII characters'],
    [{ clientName: 'x'.repeat(256) }, 'clientName is longer than 255 characters'],
    [{ clientName: 'a\0' }, 'clientName holds U+0000'],
    [{ userName: '\ud800' }, 'userName holds a lone surrogate'],
    [{ userName: '😀'.repeat(129) }, 'userName is longer than 128 characters'],
    [{ userDomain: 'x'.repeat(129) }, 'userDomain is longer than 128 characters'],
    [{ userDomain: '\u0085' }, 'userDomain holds a control character'],
    [{ loginDate: null }, 'loginDate is missing'],
    [{ loginDate: 1617271200000 }, 'loginDate is not text'],
    [{ loginDate: '1970-01-01T00:00:00.999Z' }, 'loginDate is outside'],
    [{ loginDate: '2106-02-07T06:28:14Z' }, 'loginDate is outside'],
    [{ logoutDate: '2021-02-30' }, 'logoutDate has a day'],
    [{ lastSeen: 'yesterday' }, 'lastSeen is not a date'],
    [{ logoutDate: '2021-04-01T09:59:59.999Z' }, 'logoutDate is before loginDate'],
    [{ remoteAddress: '192.0.2.300' }, 'remoteAddress is not an IPv4 or IPv6 address'],
    [{ remoteAddress: 5 }, 'remoteAddress is not an IPv4 or IPv6 address'],
    [{ remoteHost: '' }, 'remoteHost is empty'],
    [{ remoteHost: 'x'.repeat(256) }, 'remoteHost is longer than 255 characters'],
    [{ logonType: 'Interactive' }, 'logonType is not one of interactive, remoteInteractive, network'],
    [{ logonType: 2 }, 'logonType is not one of'],
    [{ terminal: 'x'.repeat(129) }, 'terminal is longer than 128 characters'],
    [{ terminal: 'a\nb' }, 'terminal holds a control character'],
    [{ activities: {} }, 'activities is not an array'],
    [{ activities: [null] }, 'activities[0] is not a JSON object'],
    [{ activities: [{}] }, 'activities[0].at is missing'],
    [{ activities: [{ at: '2021-04-01', who: 1 }] }, 'activities[0]."who" is not a known field'],
    [
      { activities: [{ at: '2021-04-01', keystrokes: 'x'.repeat(16_001) }] },
      'activities[0].keystrokes is longer than 16000',
    ],
    [{ activities: [{ at: '2021-04-01', title: '\udc00' }] }, 'activities[0].title holds a lone surrogate'],
  ])('%j: %s', (change, reason) => {
    expect(check(change)).toEqual({ detail: expect.stringContaining(reason) });
  });

  it('more activities than a record may hold', () => {
    const activities = Array.from({ length: MAX_ACTIVITIES + 1 }, () => ({ at: '2021-04-01' }));
    expect(check({ activities })).toEqual({ detail: expect.stringContaining('more than 10000') });
  });

  it('with a detail of bounded length', () => {
    const fields = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`${i}${'x'.repeat(1000)}`, 1]));
    const result = check(fields);
    expect(result).toEqual({ detail: expect.stringMatching(/and 497 more\.$/) });
    expect((result as { detail: string }).detail.length).toBeLessThan(400);
  });
});
