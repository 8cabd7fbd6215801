import { ipKeyGenerator } from 'express-rate-limit';

/** A subscriber usually controls a whole /64 network, so a limit on single addresses would have no effect. */
const IPV6_SUBNET = 64;

/** The unit of limits for an address: an IPv4 address, or an IPv6 network such as `2001:db8::/64`. */
export function callerNetwork(address: string): string {
  return ipKeyGenerator(address, IPV6_SUBNET);
}
