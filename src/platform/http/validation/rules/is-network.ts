import { type AddressRange, networkRange } from '../../../net/address-range.js';
import { ReadWith, Unreadable } from './read-with.js';

/** An IP address, or a network in CIDR notation. The field becomes an `AddressRange`. */
export function IsNetwork(): PropertyDecorator {
  return ReadWith('isNetwork', (value): AddressRange | Unreadable => {
    const range = typeof value === 'string' ? networkRange(value) : undefined;
    return range ?? new Unreadable('must be an IPv4 or IPv6 address, or a network such as 192.0.2.0/24');
  });
}
