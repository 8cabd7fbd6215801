import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { discardRest } from './discard-rest.js';

const MIB = Buffer.alloc(1024 * 1024);

/** A request whose body is not complete. */
const request = () => Object.assign(new PassThrough({ highWaterMark: 64 * MIB.length }), { complete: false });

describe('the rest of a refused body', () => {
  it('is read up to 16 MiB, and then no longer', async () => {
    const req = request();
    for (let n = 0; n < 20; n++) req.write(MIB);
    await discardRest(req as unknown as IncomingMessage);
    expect([req.isPaused(), req.listenerCount('data'), req.readableLength > 0]).toEqual([true, 0, true]);
  });

  it('is not awaited longer than a second', async () => {
    const req = request();
    req.write(MIB);
    const began = performance.now();
    await discardRest(req as unknown as IncomingMessage);
    expect(performance.now() - began).toBeGreaterThan(900);
    expect([req.isPaused(), req.listenerCount('data')]).toEqual([true, 0]);
  });

  it('ends the wait when it has arrived', async () => {
    const req = request();
    req.end(MIB);
    const began = performance.now();
    await discardRest(req as unknown as IncomingMessage);
    expect(performance.now() - began).toBeLessThan(900);
  });
});
