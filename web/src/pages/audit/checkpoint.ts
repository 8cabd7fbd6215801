const ID_BYTES = 4;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

/**
 * The time of a cosignature of a checkpoint (C2SP tlog-cosignature), which the page does not check.
 *
 * @returns milliseconds since 1970; null if there is none
 */
export function checkpointTime(note: string): number | null {
  for (const line of note.split('\n')) {
    const base64 = /^— \S+ (\S+)$/.exec(line)?.[1];
    if (base64 === undefined) continue;
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    if (bytes.length !== ID_BYTES + TIME_BYTES + SIGNATURE_BYTES) continue;
    return Number(new DataView(bytes.buffer).getBigUint64(ID_BYTES)) * 1_000;
  }
  return null;
}
