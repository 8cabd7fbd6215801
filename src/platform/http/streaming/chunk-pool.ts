/** The size of a write that keeps a socket busy. */
export const CHUNK_BYTES = 64 * 1024;
/** Chunks that are kept for later answers: 16 MiB. */
const MAX_IDLE = 256;

const idle: Buffer[] = [];

/**
 * A buffer of CHUNK_BYTES with old content. Buffers are used again by all answers: new ones would have to be allocated
 * outside the heap, and make the garbage collector run, for every answer.
 */
export function takeChunk(): Buffer {
  return idle.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
}

/** To be called once for each chunk, when nothing reads it any more. A chunk that is never returned is only lost to the pool. */
export function returnChunk(chunk: Buffer): void {
  if (idle.length < MAX_IDLE) idle.push(chunk);
}
