import { cleanText } from './clean-text.js';

/** Size of `struct utmp` of glibc on x86-64 (utmp(5)); other architectures and systems have others. */
export const UTMP_BYTES = 384;

export interface UtmpRecord {
  readonly type: number;
  readonly pid: number;
  readonly line: string;
  readonly user: string;
  readonly seconds: number;
  readonly microseconds: number;
  /** Milliseconds since 1970; what is finer is cut off. */
  readonly timeMs: number;
}

/**
 * Seconds are read unsigned: the field is 32 bits wide for ever, and no login was before 1970. Microseconds that are
 * none (writers that leave the field as it was) count as 0, since the second is still right.
 *
 * @param bytes UTMP_BYTES of them
 */
export function parseUtmp(bytes: Buffer): UtmpRecord {
  const seconds = bytes.readUInt32LE(340);
  const microseconds = bytes.readUInt32LE(344);
  return {
    type: bytes.readInt16LE(0),
    pid: bytes.readInt32LE(4),
    line: text(bytes.subarray(8, 40)),
    user: text(bytes.subarray(44, 76)),
    seconds,
    microseconds,
    timeMs: seconds * 1000 + (microseconds < 1_000_000 ? Math.floor(microseconds / 1000) : 0),
  };
}

/** A field ends at its first NUL, or fills its whole width without one. */
function text(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return cleanText(bytes.subarray(0, end < 0 ? bytes.length : end).toString('utf8'));
}
