import { addressText } from '../../../platform/net/ip-address.js';
import { cleanText } from '../../../platform/text/clean-text.js';
import { readPid, readTime, readType, type UtmpLayout } from './utmp-layout.js';

const LINE_BYTES = 32;
const HOST_BYTES = 256;
const ADDRESS_BYTES = 16;

export interface UtmpRecord {
  readonly type: number;
  /** Whether the type exists on the system. */
  readonly known: boolean;
  readonly pid: number;
  readonly line: string;
  readonly user: string;
  /** Where the user came from: a name, an address, an X display; empty when unknown. */
  readonly host: string;
  /** IPv4 or IPv6; empty when unknown. */
  readonly address: string;
  readonly seconds: number;
  readonly microseconds: number;
  /** Milliseconds since 1970; finer digits are cut off. */
  readonly timeMs: number;
}

/**
 * Invalid microseconds (some writers do not set the field) count as 0, because the second is still right.
 *
 * @param bytes of one record, `layout.bytes` long
 */
export function parseUtmp(bytes: Buffer, layout: UtmpLayout): UtmpRecord {
  const [seconds, microseconds] = readTime(bytes, layout);
  const isFraction = microseconds >= 0 && microseconds < 1_000_000;
  const type = readType(bytes, layout);
  return {
    type,
    known: type >= 0 && type <= layout.lastType,
    pid: readPid(bytes, layout),
    line: text(bytes.subarray(layout.line, layout.line + LINE_BYTES)),
    user: text(bytes.subarray(layout.user, layout.user + layout.userBytes)),
    host: text(bytes.subarray(layout.host, layout.host + HOST_BYTES)),
    address:
      layout.address === undefined ? '' : address(bytes.subarray(layout.address, layout.address + ADDRESS_BYTES)),
    seconds,
    microseconds,
    timeMs: seconds * 1000 + (isFraction ? Math.floor(microseconds / 1000) : 0),
  };
}

/** utmp(5): in network byte order; an IPv4 address fills the first four bytes. */
function address(bytes: Buffer): string {
  if (bytes.every((byte) => byte === 0)) return '';
  if (bytes.subarray(4).every((byte) => byte === 0)) return bytes.subarray(0, 4).join('.');
  return addressText(bytes.toString('hex'));
}

/** A field ends at its first NUL; without one it fills its whole width. */
function text(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return cleanText(bytes.subarray(0, end < 0 ? bytes.length : end).toString('utf8'));
}
