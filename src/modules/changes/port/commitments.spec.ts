import { type SessionContent, activitiesText, commitment, inCanonicalOrder, sessionText } from './commitments.js';

const SALT = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');

const SESSION: SessionContent = {
  ...{ clientGuid: 'm-1', externalId: 's-1', userDomain: 'ACME', userName: 'jürgen' },
  ...{ loginAt: '2021-04-01 10:00:00.000', logoutAt: null, lastSeenAt: '2021-04-01 10:05:00.250', endedAt: null },
  ...{ remoteAddress: '192.0.2.7', remoteHost: null, logonType: 'remoteInteractive', terminal: 'pts/3' },
};

const ACTIVITIES = [
  {
    ...{ at: '2021-04-01 10:00:01.000', digest: '0' },
    json: JSON.stringify(['edge.exe', 'A "title"', 'https://example.org/ä', null, 'focus']),
  },
  { at: '2021-04-01 10:00:02.000', digest: '0', json: JSON.stringify([null, null, null, 'ls\n', 'keys']) },
];

// The expected hashes were computed with Python's hashlib and json.
describe('the commitments of the change log', () => {
  it('hash the salt and the canonical form of a session', () => {
    expect(sessionText(SESSION)).toBe(
      '{"clientGuid":"m-1","ended":null,"externalId":"s-1","lastSeen":"2021-04-01T10:05:00.250Z",' +
        '"login":"2021-04-01T10:00:00.000Z","logonType":"remoteInteractive","logout":null,"remoteAddress":"192.0.2.7",' +
        '"remoteHost":null,"terminal":"pts/3","userDomain":"ACME","userName":"jürgen"}',
    );
    expect(commitment(SALT, sessionText(SESSION))).toBe(
      '02c8e77030deb7738167e3a0489679e6ce0527038985f1c3738d764b543879dd',
    );
  });

  it('hash the salt and the canonical form of activities', () => {
    expect(commitment(SALT, activitiesText(ACTIVITIES))).toBe(
      '9d3ac35cab7ffebb106da9e426493375f38b2a77963e7007233463ee70a91aa7',
    );
  });

  it('do not depend on the order in which activities arrived', () => {
    const sameInstant = ['b', 'a', 'c'].map((digest) => ({ at: ACTIVITIES[1]!.at, digest, json: `["${digest}"]` }));
    const given = [...sameInstant, ACTIVITIES[0]!];
    const ordered = inCanonicalOrder(given);
    expect(ordered.map(({ digest }) => digest)).toEqual(['0', 'a', 'b', 'c']);
    expect(inCanonicalOrder([...given].reverse())).toEqual(ordered);
    expect(inCanonicalOrder(ordered)).toBe(ordered);
  });

  it('differ for every field, and for another salt', () => {
    const fields = Object.keys(SESSION) as (keyof SessionContent)[];
    const texts = fields.map((field) => sessionText({ ...SESSION, [field]: '2021-04-01 10:00:00.001' }));
    expect(new Set([sessionText(SESSION), ...texts]).size).toBe(fields.length + 1);
    expect(commitment(Buffer.alloc(16), sessionText(SESSION))).not.toBe(commitment(SALT, sessionText(SESSION)));
  });
});
