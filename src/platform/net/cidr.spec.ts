import { isCidr, parseCidr, plainAddress } from './cidr.js';

describe('parseCidr', () => {
  it.each([
    ['192.0.2.0/24', { address: '192.0.2.0', prefix: 24, family: 'ipv4' }],
    ['0.0.0.0/0', { address: '0.0.0.0', prefix: 0, family: 'ipv4' }],
    ['192.0.2.7', { address: '192.0.2.7', prefix: 32, family: 'ipv4' }],
    ['2001:db8::/32', { address: '2001:db8::', prefix: 32, family: 'ipv6' }],
    ['::1', { address: '::1', prefix: 128, family: 'ipv6' }],
  ])('reads %s', (text, network) => expect(parseCidr(text)).toEqual(network));

  it.each(['', '10', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/08', '10.0.0.0/8/8', '10.0.0.0/', '::/129', 'x/8', null])(
    'refuses %s',
    (text) => expect(isCidr(text)).toBe(false),
  );

  it('refuses IPv4 in IPv6 form, whose prefix length would have another meaning', () => {
    expect(isCidr('::ffff:10.0.0.0/104')).toBe(false);
  });
});

describe('plainAddress', () => {
  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['192.0.2.1', '192.0.2.1'],
  ])('turns %s into %s', (address, plain) => expect(plainAddress(address)).toBe(plain));
});
