import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { parseCidr, plainAddress } from './cidr.js';

/** A set of IPv4 and IPv6 networks in CIDR notation. */
export class AddressList {
  /** One list for each family, because a single BlockList matches every IPv4 address with `::/0`. */
  private readonly networks = { ipv4: new BlockList(), ipv6: new BlockList() };

  /** @throws RangeError when a text is not in CIDR notation; see `isCidr` */
  constructor(cidrs: readonly string[]) {
    for (const cidr of cidrs) {
      const network = parseCidr(cidr);
      if (!network) throw new RangeError('Not a network in CIDR notation.');
      this.networks[network.family].addSubnet(network.address, network.prefix, network.family);
    }
  }

  /** @param address as reported by the socket or a trusted proxy; an IPv4 address may be in its IPv6 form */
  contains(address: string | undefined): boolean {
    if (address === undefined) return false;
    const bare = plainAddress(address);
    if (isIPv4(bare)) return this.networks.ipv4.check(bare, 'ipv4');
    return isIPv6(bare) && this.networks.ipv6.check(bare, 'ipv6');
  }
}
