/** Where a system keeps the fields of a login record. Offsets and sizes are bytes. */
export interface UtmpLayout {
  readonly name: string;
  readonly bytes: number;
  readonly bigEndian: boolean;
  readonly type: number;
  readonly pid: number;
  readonly line: number;
  readonly user: number;
  /** Size of the user name. */
  readonly userBytes: number;
  readonly host: number;
  /** Offset of the address, 16 bytes; undefined when the system does not record it. */
  readonly address?: number;
  readonly seconds: number;
  /** Width of the seconds, and of the microseconds that follow them: 4, or 8. */
  readonly timeBytes: 4 | 8;
  /** The highest record type of the system. */
  readonly lastType: number;
}

const GLIBC = { type: 0, pid: 4, line: 8, user: 44, userBytes: 32, host: 76, lastType: 9 };

/** `struct utmp` of glibc: utmp(5), and bits/utmp.h for where __WORDSIZE_TIME64_COMPAT32 shortens the times to 32 bits. */
const X86_64: UtmpLayout = {
  ...{ name: 'Linux on x86-64', bytes: 384, bigEndian: false, ...GLIBC },
  ...{ seconds: 340, timeBytes: 4, address: 348 },
};

/** A file of another kind has hardly any record that is valid by chance; a damaged log has more. */
const MIN_FIT_OF_ANY = 0.2;

/** The first one that fits is taken. The last is `struct utmpx` of macOS, whose user field comes first (utmpx.h). */
const LAYOUTS: readonly UtmpLayout[] = [
  X86_64,
  {
    ...{ name: 'Linux on 64-bit ARM', bytes: 400, bigEndian: false, ...GLIBC },
    ...{ seconds: 344, timeBytes: 8, address: 360 },
  },
  {
    ...{ name: 'Linux on s390', bytes: 400, bigEndian: true, ...GLIBC },
    ...{ seconds: 344, timeBytes: 8, address: 360 },
  },
  { ...X86_64, name: 'Linux on a big-endian machine', bigEndian: true },
  {
    ...{ name: 'macOS', bytes: 628, bigEndian: false, type: 296, pid: 292, line: 260 },
    ...{ user: 0, userBytes: 256, host: 308, seconds: 300, timeBytes: 4, lastType: 11 },
  },
];

/** Bytes from which the layout of a file is determined. */
export const HEAD_BYTES = 64 * 628;

/**
 * Nothing in these files names their layout. It is the one in which most of the first records have a valid type and time.
 * A file that fits none is read as the most common one, and its records are rejected one by one.
 *
 * @param head the first HEAD_BYTES of the file, or all of a shorter one
 */
export function layoutOf(head: Buffer): UtmpLayout {
  return LAYOUTS.find((layout) => fit(head, layout) >= 0.5) ?? X86_64;
}

/** Whether bytes, not all of them zero, look like login records of any layout. @param head as in `layoutOf` */
export function isLoginRecords(head: Buffer): boolean {
  return (
    head.length >= X86_64.bytes &&
    head.some((byte) => byte !== 0) &&
    LAYOUTS.some((layout) => fit(head, layout) >= MIN_FIT_OF_ANY)
  );
}

/** By its name, to continue an earlier reading. */
export function layoutNamed(name: string): UtmpLayout | undefined {
  return LAYOUTS.find((layout) => layout.name === name);
}

export const readType = (r: Buffer, { bigEndian, type }: UtmpLayout) =>
  bigEndian ? r.readInt16BE(type) : r.readInt16LE(type);

export const readPid = (r: Buffer, { bigEndian, pid }: UtmpLayout) =>
  bigEndian ? r.readInt32BE(pid) : r.readInt32LE(pid);

/**
 * Seconds of 32 bits are read as unsigned, so that they last until 2106; no login was before 1970.
 *
 * @returns seconds since 1970, and the microseconds field, which may be out of range
 */
export function readTime(r: Buffer, { bigEndian, seconds: at, timeBytes }: UtmpLayout): [number, number] {
  if (timeBytes === 4)
    return bigEndian ? [r.readUInt32BE(at), r.readUInt32BE(at + 4)] : [r.readUInt32LE(at), r.readUInt32LE(at + 4)];
  const wide = (offset: number) => Number(bigEndian ? r.readBigInt64BE(offset) : r.readBigInt64LE(offset));
  return [wide(at), wide(at + 8)];
}

/** Share of the records, without blank ones, that have a valid type and time; 1 for the most common layout if there are none. */
function fit(head: Buffer, layout: UtmpLayout): number {
  let records = 0;
  let possible = 0;
  for (let at = 0; at + layout.bytes <= head.length; at += layout.bytes) {
    const record = head.subarray(at, at + layout.bytes);
    if (record.every((byte) => byte === 0)) continue;
    records++;
    if (isPossible(record, layout)) possible++;
  }
  return records === 0 ? (layout === X86_64 ? 1 : 0) : possible / records;
}

/** 10 is the type of the first record of macOS. */
function isPossible(record: Buffer, layout: UtmpLayout): boolean {
  const type = readType(record, layout);
  const [seconds, microseconds] = readTime(record, layout);
  const timed = seconds > 0 && seconds < 2 ** 32 && microseconds >= 0 && microseconds < 1_000_000;
  return type >= 0 && type <= 10 && timed;
}
