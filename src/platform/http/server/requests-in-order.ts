import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Complete requests that may be queued behind the one in progress. A client that pipelines sends a few. */
const MAX_QUEUED = 100;

type Handle = (req: IncomingMessage, res: ServerResponse) => void;

/**
 * Passes the requests of a connection to `handle` one at a time, each after the previous response was handed to the socket.
 *
 * Node emits a pipelined request at once (RFC 9112, section 9.3.2) and emits no `close` for its response if the connection
 * is lost before its turn: what the handler holds then, such as an open file or a transaction, would never be released.
 * A queued request has no handler and holds only its own memory. With more than `MAX_QUEUED` the connection is closed.
 */
export function handleInOrder(server: Server, handle: Handle): void {
  const queued = new WeakMap<Socket, number>();
  const count = (socket: Socket, change: 1 | -1): number => {
    const now = (queued.get(socket) ?? 0) + change;
    queued.set(socket, now);
    return now;
  };
  const enqueue = (req: IncomingMessage, res: ServerResponse, begin: Handle): void => {
    const { socket } = req;
    if (socket.destroyed) return;
    // Node assigns the socket to the response in progress.
    if (res.socket) return begin(req, res);
    if (count(socket, 1) > MAX_QUEUED) return void socket.destroy();
    res.once('socket', () => {
      count(socket, -1);
      // Node flushes the response after this event, so the handler must not end it before that.
      process.nextTick(() => {
        if (!socket.destroyed) begin(req, res);
      });
    });
  };
  server.on('request', (req, res) => enqueue(req, res, handle));
  server.on('checkContinue', (req, res) => enqueue(req, res, continueAnd(handle)));
  // Any other expectation: the handler refuses it.
  server.on('checkExpectation', (req, res) => enqueue(req, res, handle));
}

/** Asks for the body (RFC 9110, section 10.1.1), also for a queued request only when its turn has come. */
function continueAnd(handle: Handle): Handle {
  return (req, res) => {
    res.writeContinue();
    handle(req, res);
  };
}
