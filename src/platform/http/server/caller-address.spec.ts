import type { Socket } from 'node:net';
import { callerAddress } from './caller-address.js';

const SOCKET = { remoteAddress: '::ffff:10.0.0.1' } as Socket;
const address = (...ips: string[]) => callerAddress({ ip: ips[0] ?? SOCKET.remoteAddress, ips, socket: SOCKET });

describe('the address of a caller', () => {
  it.each([
    ['of the connection', [], '10.0.0.1'],
    ['that a proxy reports', ['203.0.113.9'], '203.0.113.9'],
    ['in IPv6', ['2001:db8::9', '10.0.0.2'], '2001:db8::9'],
    ['with a port', ['203.0.113.9:4711'], '203.0.113.9'],
    ['in IPv6 with a port', ['[2001:db8::9]:4711'], '2001:db8::9'],
    ['with a zone', ['fe80::1%eth0'], 'fe80::1'],
    ['of the connected proxy, which reports garbage', ['unknown'], '10.0.0.1'],
    ['of the connected proxy, which reports an empty text', [''], '10.0.0.1'],
    ['of the inner proxy, which reports garbage', ['_hidden', '10.0.0.2'], '10.0.0.2'],
    ['of the inner proxy, which reports a long number', ['1.2.3.4.5', '10.0.0.2'], '10.0.0.2'],
  ])('is the one %s', (_what, ips, expected) => expect(address(...ips)).toBe(expected));

  it('is unknown after the connection closed', () =>
    expect(callerAddress({ ip: undefined, ips: [], socket: {} as Socket })).toBeUndefined());
});
