import type { IncomingMessage } from 'node:http';

const DISCARD_BYTES = 16 * 1024 * 1024;
const DISCARD_MS = 1000;

/**
 * Reads and discards the rest of a refused request, up to 16 MiB and for at most one second. Closing a socket with unread
 * bytes resets the connection, and the client would lose the error response.
 */
export async function discardRest(req: IncomingMessage): Promise<void> {
  if (req.complete || req.destroyed) return;
  let bytes = 0;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, DISCARD_MS);
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > DISCARD_BYTES) resolve();
    });
    for (const event of ['end', 'close', 'error']) req.once(event, () => resolve());
    req.resume();
    void timer.unref();
  });
}
