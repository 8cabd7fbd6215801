/**
 * For the few dozen bytes of a field, millions of times: a loop takes less than the call of `Buffer.copy`.
 *
 * @returns where the copy ends
 */
export function copyBytes(from: Uint8Array, start: number, length: number, to: Uint8Array, at: number): number {
  for (let i = 0; i < length; i++) to[at + i] = from[start + i]!;
  return at + length;
}
