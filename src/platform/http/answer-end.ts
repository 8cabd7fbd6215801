import type { Socket } from 'node:net';
import type { Request, Response } from 'express';

/** A `close` listener for each pipelined request would exceed the listener limit of the socket, so a socket has one. */
const listeners = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls `listener` once, when the answer has ended or its connection is lost. `close` of the response is not enough: Node
 * emits it only for the response that the socket is assigned to, not for the pipelined ones behind it.
 *
 * @returns removes the listener
 */
export function onceEnded(req: Request, res: Response, listener: () => void): () => void {
  const onSocket = listenersOf(req.socket);
  const remove = () => {
    onSocket.delete(ended);
    res.off('close', ended);
  };
  const ended = () => {
    remove();
    listener();
  };
  onSocket.add(ended);
  res.once('close', ended);
  return remove;
}

function listenersOf(socket: Socket): Set<() => void> {
  const known = listeners.get(socket);
  if (known) return known;
  const added = new Set<() => void>();
  listeners.set(socket, added);
  socket.once('close', () => {
    for (const ended of [...added]) ended();
  });
  return added;
}
