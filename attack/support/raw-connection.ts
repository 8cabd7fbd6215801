import { type Socket, connect } from 'node:net';

/** A request as text. Header values are sent unchanged, also invalid ones. */
export function requestText(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): string {
  const all = { Host: '127.0.0.1', ...headers, ...(body ? { 'Content-Length': String(Buffer.byteLength(body)) } : {}) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

/** Resolves with the event. Unlike `once` it does not reject: a reset connection emits `error`, too. */
export function emitted(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve) => socket.once(event, () => resolve()));
}

/** Opens a connection that reads nothing until it is told to. Errors are expected: the server may close it at any time. */
export async function openConnection(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.pause();
  await Promise.race([emitted(socket, 'connect'), emitted(socket, 'close')]);
  return socket;
}

/** Everything that the server sends until it closes the connection or `ms` have passed. */
export async function readUntilClosed(socket: Socket, ms: number): Promise<{ text: string; closed: boolean }> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1'))).resume();
  const closed = await closedWithin(socket, ms);
  return { text, closed };
}

/** Whether the connection is closed within `ms`. Reads nothing by itself, so the server may see it as a stalled reader. */
export async function closedWithin(socket: Socket, ms: number): Promise<boolean> {
  if (socket.destroyed) return true;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  const closed = emitted(socket, 'close').then(() => true);
  return Promise.race([closed, late]).finally(() => clearTimeout(timer));
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Runs `work` for the numbers from 0 to `count` - 1, `parallel` of them at once. */
export async function inParallel(count: number, parallel: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(parallel, count) }, worker));
}
