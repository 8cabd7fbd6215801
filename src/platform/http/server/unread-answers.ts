import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A complete answer must be read within this number of stall limits. At most 1 MiB and the buffers of the kernel are left. */
const READ_WITHIN_STALLS = 5;

/**
 * Closes a connection whose client does not read: after `stallMs` with bytes to send and no progress, and after five times
 * as long if a complete answer is still not read. Applies to every answer: a problem, a page, a window, a download.
 */
export function closeUnread(server: Server, stallMs: number): void {
  // Node restarts this timer at each read, and at each write that the kernel accepts. It uses the same one for idle connections.
  server.setTimeout(stallMs, (socket: AnsweringSocket) => {
    const isUnread = socket.writableLength > 0;
    // The handler works, or waits for the body, which has its own limits.
    const isWorking = socket._httpMessage != null;
    // The time limit for headers ends a connection without a request.
    const isNew = socket.bytesWritten === 0;
    if (!isUnread && (isWorking || isNew)) socket.setTimeout(stallMs);
    else socket.destroy();
  });
}

/** The second limit of `closeUnread`, for one answer. A client could restart the first one by sending a byte. */
export function limitReading(res: ServerResponse, stallMs: number): void {
  res.once('prefinish', () => {
    const { socket } = res;
    if (!socket || socket.writableLength === 0) return;
    const timer = setTimeout(() => socket.destroy(), READ_WITHIN_STALLS * stallMs).unref();
    res.once('close', () => clearTimeout(timer));
  });
}

/** Node stores the response in progress here. */
type AnsweringSocket = Socket & { _httpMessage?: ServerResponse | null };
