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
    timeMs: seconds * 1000 + Math.floor((microseconds % 1_000_000) / 1000),
  };
}

/** Layouts told apart by their size: 400 bytes on 64-bit ARM and s390, 628 in the utmpx of macOS. */
const OTHERS = [
  { bytes: 400, name: 'Linux on ARM or s390' },
  { bytes: 628, name: 'macOS' },
];

/** @throws Error that names the layout, rather than reading times and names from where they do not stand */
export function refuseOtherLayouts(size: number): void {
  if (size % UTMP_BYTES === 0) return;
  for (const { bytes, name } of OTHERS) {
    if (size % bytes === 0) {
      throw new Error(
        `This file has records of ${bytes} bytes (${name}); only the 384-byte records of Linux on x86-64 are read.`,
      );
    }
  }
}

/** Names come from whoever knocked: invalid UTF-8 and control characters are replaced. */
function text(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  const name = bytes.subarray(0, end < 0 ? bytes.length : end).toString('utf8');
  return name.replace(/\p{Cc}/gu, '\ufffd');
}
