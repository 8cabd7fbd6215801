import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Complete requests that may be queued behind the one in progress. A client that pipelines sends a few. */
const MAX_QUEUED = 100;
/** Their addresses and headers together. Without this limit, a connection could keep 1.6 MiB in memory. */
const MAX_QUEUED_CHARACTERS = 256 * 1024;

type Handle = (req: IncomingMessage, res: ServerResponse) => void;

/** What is queued on a connection. */
interface Queued {
  readonly requests: number;
  readonly characters: number;
}

/**
 * Passes the requests of a connection to `handle` one at a time, each after the previous response was handed to the socket.
 *
 * Node emits a pipelined request at once (RFC 9112, section 9.3.2) and emits no `close` for its response if the connection
 * is lost before its turn: what the handler holds then, such as an open file or a transaction, would never be released.
 * A queued request has no handler and holds only its own memory. Above the limits the connection is closed.
 */
export function handleInOrder(server: Server, handle: Handle): void {
  const queued = new WeakMap<Socket, Queued>();
  const count = (req: IncomingMessage, change: 1 | -1): Queued => {
    const { requests, characters } = queued.get(req.socket) ?? { requests: 0, characters: 0 };
    const now = { requests: requests + change, characters: characters + change * charactersOf(req) };
    queued.set(req.socket, now);
    return now;
  };
  const enqueue = (req: IncomingMessage, res: ServerResponse, begin: Handle): void => {
    const { socket } = req;
    if (socket.destroyed) return;
    // Node assigns the socket to the response in progress.
    if (res.socket) return begin(req, res);
    const { requests, characters } = count(req, 1);
    if (requests > MAX_QUEUED || characters > MAX_QUEUED_CHARACTERS) return void socket.destroy();
    res.once('socket', () => {
      count(req, -1);
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

function charactersOf({ url = '', rawHeaders }: IncomingMessage): number {
  return rawHeaders.reduce((sum, text) => sum + text.length, url.length);
}

/** Asks for the body (RFC 9110, section 10.1.1), also for a queued request only when its turn has come. */
function continueAnd(handle: Handle): Handle {
  return (req, res) => {
    res.writeContinue();
    handle(req, res);
  };
}
