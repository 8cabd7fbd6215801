import { networkRange } from './address-range.js';

const MAPPED = '00000000000000000000ffff';

describe('networkRange', () => {
  it.each([
    ['192.0.2.7', `${MAPPED}c0000207`, `${MAPPED}c0000207`],
    ['192.0.2.7/24', `${MAPPED}c0000200`, `${MAPPED}c00002ff`],
    ['192.0.2.7/31', `${MAPPED}c0000206`, `${MAPPED}c0000207`],
    ['0.0.0.0/0', `${MAPPED}00000000`, `${MAPPED}ffffffff`],
    ['::ffff:192.0.2.7', `${MAPPED}c0000207`, `${MAPPED}c0000207`],
    ['::ffff:0:0/96', `${MAPPED}00000000`, `${MAPPED}ffffffff`],
    ['2001:DB8::/32', `20010db8${'0'.repeat(24)}`, `20010db8${'f'.repeat(24)}`],
    ['2001:db8::1/127', `20010db8${'0'.repeat(24)}`, `20010db8${'0'.repeat(23)}1`],
    ['::/0', '0'.repeat(32), 'f'.repeat(32)],
  ])('%s is from %s to %s', (text, first, last) => expect(networkRange(text)).toEqual({ first, last }));

  it.each(['', 'x', '192.0.2', '192.0.2.0/33', '192.0.2.0/', '::/129', 'fe80::1%eth0', '::ffff:192.0.2.0/120', ' ::1'])(
    'refuses %j',
    (text) => expect(networkRange(text)).toBeUndefined(),
  );
});
