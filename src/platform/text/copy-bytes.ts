/**
 * Copies a few dozen bytes. For fields this short a loop is faster than `Buffer.copy`.
 *
 * @returns the offset after the copy
 */
export function copyBytes(from: Uint8Array, start: number, length: number, to: Uint8Array, at: number): number {
  for (let i = 0; i < length; i++) to[at + i] = from[start + i]!;
  return at + length;
}
