import type { IncomingMessage } from 'node:http';

const DISCARD_BYTES = 16 * 1024 * 1024;
const DISCARD_MS = 1000;

/**
 * Reads and discards the rest of a refused request, up to 16 MiB and for at most one second, and then stops reading. Closing
 * a socket with unread bytes resets the connection, and the client would lose the error response. `answerProblem` closes the
 * connection if the body is incomplete.
 */
export async function discardRest(req: IncomingMessage): Promise<void> {
  if (req.complete || req.destroyed) return;
  let bytes = 0;
  await new Promise<void>((resolve) => {
    const stop = () => {
      clearTimeout(timer);
      req.off('data', count);
      req.pause();
      resolve();
    };
    const timer = setTimeout(stop, DISCARD_MS).unref();
    const count = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > DISCARD_BYTES) stop();
    };
    req.on('data', count);
    for (const event of ['end', 'close', 'error']) req.once(event, stop);
    req.resume();
  });
}
