import type { IncomingMessage, ServerResponse } from 'node:http';

const REST_MS = 1000;

/**
 * Closes the connection if the rest of a body does not arrive within a second of the answer, for a handler that reads no
 * body. Node would read and discard the rest until the time limit of the request.
 */
export function limitUnsentBody(req: IncomingMessage, res: ServerResponse): void {
  res.once('finish', () => {
    if (req.complete) return;
    const closeIncomplete = () => {
      if (!req.complete) req.socket.destroy();
    };
    setTimeout(closeIncomplete, REST_MS).unref();
  });
}
