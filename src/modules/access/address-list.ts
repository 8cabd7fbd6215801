import { BlockList, isIPv4, isIPv6 } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** The addresses from which a key may be used: IPv4 and IPv6 networks in CIDR notation. */
export class AddressList {
  /** One a family: a single list takes every IPv4 address for one of `::/0`. */
  private readonly networks = { ipv4: new BlockList(), ipv6: new BlockList() };

  /** @throws RangeError for a text that is no network; check with `isNetwork` first */
  constructor(cidrs: readonly string[]) {
    for (const cidr of cidrs) {
      const network = parseNetwork(cidr);
      if (!network) throw new RangeError('This is no network in CIDR notation.');
      this.networks[network.family].addSubnet(network.address, network.prefix, network.family);
    }
  }

  /** @param address as the socket or a trusted proxy gives it; an IPv4 address may come in its IPv6 form */
  holds(address: string | undefined): boolean {
    if (address === undefined) return false;
    const bare = MAPPED_IPV4.exec(address)?.[1] ?? address.replace(/%.*$/, '');
    if (isIPv4(bare)) return this.networks.ipv4.check(bare, 'ipv4');
    return isIPv6(bare) && this.networks.ipv6.check(bare, 'ipv6');
  }
}

/** `192.0.2.0/24`, `2001:db8::/32`; an address alone is a network of one. */
export function isNetwork(text: unknown): boolean {
  return typeof text === 'string' && parseNetwork(text) !== undefined;
}

function parseNetwork(text: string): Network | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) && !address.includes('%') ? 'ipv6' : undefined;
  if (!family || rest.length > 0 || MAPPED_IPV4.test(address)) return undefined;
  const longest = family === 'ipv4' ? 32 : 128;
  if (length === undefined) return { address, prefix: longest, family };
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > longest) return undefined;
  return { address, prefix: Number(length), family };
}
