import fc from 'fast-check';
import { AddressList } from './address-list.js';

const toNumber = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const ipv4 = fc.ipV4();

describe('AddressList', () => {
  it('contains the IPv4 addresses that share the leading bits of a network', () => {
    fc.assert(
      fc.property(ipv4, ipv4, fc.integer({ min: 0, max: 32 }), (network, address, bits) => {
        const size = 2 ** (32 - bits);
        const same = Math.floor(toNumber(network) / size) === Math.floor(toNumber(address) / size);
        expect(new AddressList([`${network}/${bits}`]).contains(address)).toBe(same);
        expect(new AddressList([`${network}/${bits}`]).contains(`::ffff:${address}`)).toBe(same);
      }),
    );
  });

  it.each([
    ['2001:db8::/32', '2001:db8:1::7', true],
    ['2001:db8::/32', '2001:db9::7', false],
    ['::1', '::1', true],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['0.0.0.0/0', '::1', false],
    ['::/0', '127.0.0.1', false],
    ['192.0.2.7', '192.0.2.8', false],
  ])('%s and %s: %s', (network, address, held) => {
    expect(new AddressList([network]).contains(address)).toBe(held);
  });

  it('contains the addresses of all of its networks, and no unknown address', () => {
    const list = new AddressList(['10.0.0.0/8', '2001:db8::/32']);
    expect([list.contains('10.1.1.1'), list.contains('2001:db8::1'), list.contains('11.0.0.1')]).toEqual([
      true,
      true,
      false,
    ]);
    expect([list.contains(undefined), list.contains(''), list.contains('x')]).toEqual([false, false, false]);
  });
});
