import { SocketAddress, isIPv4, isIPv6 } from 'node:net';

const MAPPED_PREFIX = '00000000000000000000ffff';

/**
 * Reads an IPv4 or IPv6 address as 32 hexadecimal digits, lower case. An IPv4 address has the same digits as its IPv6
 * form (RFC 4291, section 2.5.5.2), so both are one address. The zone of an IPv6 address (`%eth0`) is dropped: it has a
 * meaning on one machine only.
 *
 * @returns undefined for any other text
 */
export function addressDigits(text: string): string | undefined {
  if (isIPv4(text)) return MAPPED_PREFIX + ipv4Digits(text);
  return isIPv6(text) ? ipv6Digits(text.replace(/%.*$/, '')) : undefined;
}

/** The address in its usual form: dotted decimal for IPv4, otherwise RFC 5952. @param digits as of `addressDigits` */
export function addressText(digits: string): string {
  if (digits.startsWith(MAPPED_PREFIX))
    return [...Buffer.from(digits.slice(MAPPED_PREFIX.length), 'hex')].map(String).join('.');
  const groups = digits.match(/.{4}/g) ?? [];
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}

function ipv4Digits(text: string): string {
  return Buffer.from(text.split('.').map(Number)).toString('hex');
}

/** @param text a valid address without a zone */
function ipv6Digits(text: string): string {
  const [head = '', tail] = text.toLowerCase().split('::');
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  const zeros = '0000'.repeat(8 - (before.length + after.length));
  return before.join('') + zeros + after.join('');
}

/** Groups of four digits. The last 32 bits may be in dotted decimal. */
function groupsOf(part: string): string[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [group.padStart(4, '0')];
    const digits = ipv4Digits(group);
    return [digits.slice(0, 4), digits.slice(4)];
  });
}
