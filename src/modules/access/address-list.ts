import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { parseCidr, plainAddress } from '../../platform/net/cidr.js';

/** The addresses from which a key may be used: IPv4 and IPv6 networks in CIDR notation. */
export class AddressList {
  /** One a family: a single list takes every IPv4 address for one of `::/0`. */
  private readonly networks = { ipv4: new BlockList(), ipv6: new BlockList() };

  /** @throws RangeError for a text that is no network; check with `isCidr` first */
  constructor(cidrs: readonly string[]) {
    for (const cidr of cidrs) {
      const network = parseCidr(cidr);
      if (!network) throw new RangeError('This is no network in CIDR notation.');
      this.networks[network.family].addSubnet(network.address, network.prefix, network.family);
    }
  }

  /** @param address as the socket or a trusted proxy gives it; an IPv4 address may come in its IPv6 form */
  holds(address: string | undefined): boolean {
    if (address === undefined) return false;
    const bare = plainAddress(address);
    if (isIPv4(bare)) return this.networks.ipv4.check(bare, 'ipv4');
    return isIPv6(bare) && this.networks.ipv6.check(bare, 'ipv6');
  }
}
