import { type PaceLimits, atPace } from './body-pace.js';

const chunk = Buffer.alloc(10);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A sender that pauses before each chunk. */
async function* sender(pauses: readonly number[]): AsyncGenerator<Buffer> {
  for (const ms of pauses) {
    await pause(ms);
    yield chunk;
  }
}

/** @param readMs time that the server takes for each chunk @returns bytes read */
async function read(pauses: readonly number[], limits: PaceLimits, readMs = 0): Promise<number> {
  let bytes = 0;
  for await (const { length } of atPace(sender(pauses), () => bytes, limits)) {
    bytes += length;
    await pause(readMs);
  }
  return bytes;
}

describe('the pace of a body', () => {
  it('ends a sender that stalls', async () => {
    await expect(read([0, 500], { stallMs: 50, waitMs: 10_000 })).rejects.toMatchObject({
      code: 'invalid-body',
      detail: 'Nothing of the body arrived for 0.05 seconds.',
    });
  });

  it('ends a sender that never stalls and lets the server wait too long in total', async () => {
    const slow = Array<number>(30).fill(20);
    const ended = { code: 'request-timeout', headers: { Connection: 'close' } };
    await expect(read(slow, { stallMs: 5000, waitMs: 100 })).rejects.toMatchObject(ended);
    await expect(read(slow, { stallMs: 5000, waitMs: 100, waitMsPerByte: 0.1 })).rejects.toMatchObject(ended);
  });

  it('allows more time for more bytes', async () => {
    expect(await read(Array<number>(10).fill(20), { stallMs: 5000, waitMs: 100, waitMsPerByte: 20 })).toBe(100);
  });

  it('does not count the time in which the server does not read', async () => {
    expect(await read([0, 0, 0, 0], { stallMs: 5000, waitMs: 200 }, 100)).toBe(40);
  });
});
