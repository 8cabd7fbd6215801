/** Bytes of the length before each entry; the specification does not allow longer entries. */
const LENGTH_BYTES = 2;
const MAX_ENTRY_BYTES = 0xffff;

/**
 * Entries with their lengths, 16 bits big-endian each (C2SP tlog-tiles, "Log entries").
 *
 * @throws RangeError if an entry is longer than 65,535 bytes
 */
export function encodeEntries(entries: readonly Buffer[]): Buffer {
  const parts = entries.flatMap((entry) => {
    if (entry.length > MAX_ENTRY_BYTES) throw new RangeError(`An entry of ${entry.length} bytes is too long.`);
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt16BE(entry.length);
    return [length, entry];
  });
  return Buffer.concat(parts);
}
