/** Milliseconds between 1601 and 1970; FILETIME counts 100 ns from 1601. */
const FILETIME_EPOCH_MS = 11_644_473_600_000n;
const ARRAY = 0x80;

/** Text of a BinXml value ([MS-EVEN6], section 2.2.12) as Event Viewer shows it; types that no logon event has are hexadecimal. */
export function readValue(bytes: Buffer, type: number): string {
  const read = READERS[type];
  if (read) return read(bytes);
  if (type === (ARRAY | 1)) return bytes.toString('utf16le').replace(/\0$/, '').replaceAll('\0', '\n');
  return bytes.toString('hex');
}

/** @returns milliseconds since 1970 */
export function filetimeMs(filetime: bigint): number {
  return Number(filetime / 10_000n - FILETIME_EPOCH_MS);
}

const READERS: Readonly<Record<number, (bytes: Buffer) => string>> = {
  0x00: () => '',
  0x01: (b) => b.toString('utf16le').replace(/\0+$/, ''),
  0x02: (b) => b.toString('latin1').replace(/\0+$/, ''),
  0x03: (b) => String(b.readInt8()),
  0x04: (b) => String(b.readUInt8()),
  0x05: (b) => String(b.readInt16LE()),
  0x06: (b) => String(b.readUInt16LE()),
  0x07: (b) => String(b.readInt32LE()),
  0x08: (b) => String(b.readUInt32LE()),
  0x09: (b) => String(b.readBigInt64LE()),
  0x0a: (b) => String(b.readBigUInt64LE()),
  0x0b: (b) => String(b.readFloatLE()),
  0x0c: (b) => String(b.readDoubleLE()),
  0x0d: (b) => String(b.readUInt32LE() !== 0),
  0x0f: guid,
  0x10: hexadecimal,
  0x11: (b) => new Date(filetimeMs(b.readBigUInt64LE())).toISOString(),
  0x13: sid,
  0x14: hexadecimal,
  0x15: hexadecimal,
};

function hexadecimal(bytes: Buffer): string {
  return `0x${(bytes.length === 4 ? BigInt(bytes.readUInt32LE()) : bytes.readBigUInt64LE()).toString(16)}`;
}

function guid(bytes: Buffer): string {
  const part = (...order: number[]) => order.map((i) => bytes.readUInt8(i).toString(16).padStart(2, '0')).join('');
  return `{${part(3, 2, 1, 0)}-${part(5, 4)}-${part(7, 6)}-${part(8, 9)}-${part(10, 11, 12, 13, 14, 15)}}`;
}

function sid(bytes: Buffer): string {
  const count = bytes.readUInt8(1);
  const parts = Array.from({ length: count }, (_, i) => bytes.readUInt32LE(8 + 4 * i));
  return ['S', bytes.readUInt8(0), bytes.readUIntBE(2, 6), ...parts].join('-');
}
