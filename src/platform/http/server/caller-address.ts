import { isIP } from 'node:net';
import type { Request } from 'express';
import { plainAddress } from '../../net/cidr.js';

/** Some proxies append the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
const WITH_PORT = /^(?:(\d+(?:\.\d+){3})|\[([0-9a-f:.]+)\])(?::\d+)?$/i;

/**
 * Address of the caller: that of the connection, or the one that a trusted proxy reports in `X-Forwarded-For`. If that is
 * no IP address, it is the address of the proxy which reported it, so that a caller cannot choose a new one for each call.
 *
 * @returns without port, zone and IPv6 form of an IPv4 address; undefined if the connection is already closed
 */
export function callerAddress({ ip, ips, socket }: Pick<Request, 'ip' | 'ips' | 'socket'>): string | undefined {
  // `ips` lists the caller and the trusted proxies behind it, except for the one that is connected.
  return addressOf(ip) ?? addressOf(ips[1]) ?? addressOf(socket.remoteAddress);
}

function addressOf(text: string | undefined): string | undefined {
  const [, ipv4, ipv6] = WITH_PORT.exec(text ?? '') ?? [];
  const address = plainAddress(ipv4 ?? ipv6 ?? text ?? '');
  return isIP(address) === 0 ? undefined : address;
}
