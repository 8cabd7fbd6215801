import { isIPv4, isIPv6 } from 'node:net';

/** An IP network: the addresses that share the first `prefix` bits with `address`. */
export interface Network {
  readonly address: string;
  /** Bits: 0 to 32 for IPv4, 0 to 128 for IPv6. */
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

const MAPPED_IPV4 = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

/**
 * Reads CIDR notation (RFC 4632, RFC 4291): `192.0.2.0/24`, `2001:db8::/32`; an address alone is a network of one address.
 * An IPv4 address in IPv6 form (`::ffff:192.0.2.1`) is refused, because its prefix length would have another meaning.
 *
 * @returns undefined for any other text
 */
export function parseCidr(text: string): Network | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) && !address.includes('%') ? 'ipv6' : undefined;
  if (!family || rest.length > 0 || MAPPED_IPV4.test(address)) return undefined;
  const longest = family === 'ipv4' ? 32 : 128;
  if (length === undefined) return { address, prefix: longest, family };
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > longest) return undefined;
  return { address, prefix: Number(length), family };
}

export function isCidr(value: unknown): boolean {
  return typeof value === 'string' && parseCidr(value) !== undefined;
}

/** @returns the IPv4 address of `::ffff:192.0.2.1`, as dual-stack sockets report it; any other address without its zone */
export function plainAddress(address: string): string {
  return MAPPED_IPV4.exec(address)?.[1] ?? address.replace(/%.*$/, '');
}
