import { UTMP_BYTES } from './utmp-record.js';

interface Layout {
  readonly name: string;
  readonly bytes: number;
  readonly type: (record: Buffer) => number;
  readonly seconds: (record: Buffer) => number;
  readonly microseconds: (record: Buffer) => number;
}

const OURS: Layout = {
  name: 'little-endian records of Linux on x86-64',
  bytes: UTMP_BYTES,
  type: (r) => r.readInt16LE(0),
  seconds: (r) => r.readUInt32LE(340),
  microseconds: (r) => r.readUInt32LE(344),
};

/** Where others keep the fields: `struct utmp` of glibc with 64-bit times, or big-endian; `struct utmpx` of macOS. */
const OTHERS: readonly Layout[] = [
  {
    name: 'Linux on 64-bit ARM',
    bytes: 400,
    type: (r) => r.readInt16LE(0),
    seconds: (r) => Number(r.readBigInt64LE(344)),
    microseconds: (r) => Number(r.readBigInt64LE(352)),
  },
  {
    name: 'Linux on s390, big-endian',
    bytes: 400,
    type: (r) => r.readInt16BE(0),
    seconds: (r) => Number(r.readBigInt64BE(344)),
    microseconds: (r) => Number(r.readBigInt64BE(352)),
  },
  {
    name: 'Linux on a big-endian machine',
    bytes: 384,
    type: (r) => r.readInt16BE(0),
    seconds: (r) => r.readUInt32BE(340),
    microseconds: (r) => r.readUInt32BE(344),
  },
  {
    name: 'macOS',
    bytes: 628,
    type: (r) => r.readInt16LE(296),
    seconds: (r) => r.readUInt32LE(300),
    microseconds: (r) => r.readUInt32LE(304),
  },
];

/** How much of a file tells its layout. */
export const HEAD_BYTES = 64 * 628;

/**
 * Nothing in these files names their layout, so the layout is what gives most of the first records a type and a time.
 * A file that fits none is not refused: its records are, one by one.
 *
 * @param head the first HEAD_BYTES of the file, or all of a shorter one
 * @returns what to tell the user about a file that another system wrote, else undefined
 */
export function otherLayout(head: Buffer): string | undefined {
  if (fit(head, OURS) >= 0.5) return undefined;
  const other = OTHERS.find((layout) => fit(head, layout) >= 0.5);
  return (
    other && `records of ${other.bytes} bytes (${other.name}); only the ${OURS.bytes}-byte ${OURS.name} can be read`
  );
}

/** Share of the records, blank ones aside, whose type and time are possible; 1 when there are none. */
function fit(head: Buffer, layout: Layout): number {
  let records = 0;
  let possible = 0;
  for (let at = 0; at + layout.bytes <= head.length; at += layout.bytes) {
    const record = head.subarray(at, at + layout.bytes);
    if (record.every((byte) => byte === 0)) continue;
    records++;
    if (isPossible(record, layout)) possible++;
  }
  return records === 0 ? (layout === OURS ? 1 : 0) : possible / records;
}

/** 10 is the type of the first record of macOS. */
function isPossible(record: Buffer, { type, seconds, microseconds }: Layout): boolean {
  const [t, s, us] = [type(record), seconds(record), microseconds(record)];
  return t >= 0 && t <= 10 && s > 0 && s < 2 ** 32 && us >= 0 && us < 1_000_000;
}
