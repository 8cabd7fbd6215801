import { parseCidr, plainAddress } from './cidr.js';
import { addressDigits } from './ip-address.js';

/** Consecutive IP addresses, both included, as the 32 hexadecimal digits of `addressDigits`. */
export interface AddressRange {
  readonly first: string;
  readonly last: string;
}

/** The addresses of a network; those of IPv4 as IPv4-mapped IPv6 addresses. @returns undefined for any other text */
export function networkRange(text: string): AddressRange | undefined {
  const network = parseCidr(text.includes('%') ? '' : plainAddress(text));
  const digits = network && addressDigits(network.address);
  if (!digits) return undefined;
  const hostBits = BigInt((network.family === 'ipv4' ? 32 : 128) - network.prefix);
  const first = (BigInt(`0x${digits}`) >> hostBits) << hostBits;
  const last = first | ((1n << hostBits) - 1n);
  return { first: hexDigits(first), last: hexDigits(last) };
}

const hexDigits = (value: bigint) => value.toString(16).padStart(32, '0');
