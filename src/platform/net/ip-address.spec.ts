import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { addressDigits, addressText } from './ip-address.js';

describe('addressDigits', () => {
  it.each([
    ['192.0.2.1', '00000000000000000000ffffc0000201'],
    ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
    ['::FFFF:C000:201', '00000000000000000000ffffc0000201'],
    ['2001:DB8::1', '20010db8000000000000000000000001'],
    ['64:ff9b::192.0.2.33', '0064ff9b0000000000000000c0000221'],
    ['::', '0'.repeat(32)],
    ['::1', `${'0'.repeat(31)}1`],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['fe80::1%eth0', 'fe800000000000000000000000000001'],
  ])('reads %s', (text, digits) => expect(addressDigits(text)).toBe(digits));

  it.each(['', '-', '192.0.2', '192.0.2.256', '192.0.2.01', '192.0.2.1/32', '1:2:3', ':::', 'localhost', ' ::1'])(
    'refuses %j',
    (text) => expect(addressDigits(text)).toBeUndefined(),
  );
});

describe('addressText', () => {
  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
  ])('writes %s as %s', (text, canonical) => expect(addressText(addressDigits(text)!)).toBe(canonical));

  it('is the inverse of addressDigits', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6().filter(isIPv6)), (text) => {
        const digits = addressDigits(text)!;
        expect(digits).toMatch(/^[0-9a-f]{32}$/);
        expect(addressDigits(addressText(digits))).toBe(digits);
      }),
    );
  });
});
