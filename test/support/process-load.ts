import { type Server, type Socket, connect, createServer } from 'node:net';
import { once } from 'node:events';
import { ingest } from './http.js';

/** Passes each connection to the next one of the ports that accepts it, as a proxy in front of several processes does. */
export async function startTcpProxy(ports: readonly number[]): Promise<{ url: string; close(): Promise<void> }> {
  let turn = 0;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    return socket;
  };
  const server: Server = createServer((caller) => {
    keep(caller);
    const attempt = (left: number) => {
      if (left === 0) return caller.destroy();
      const backend = keep(connect(ports[turn++ % ports.length]!, '127.0.0.1'));
      const next = () => attempt(left - 1);
      backend.once('error', next).once('connect', () => {
        backend.off('error', next);
        caller.pipe(backend).pipe(caller);
        for (const [one, other] of [
          [caller, backend],
          [backend, caller],
        ] as const)
          one.once('close', () => other.destroy());
      });
    };
    attempt(ports.length);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

export interface Acknowledged {
  /** External ids of records that were acknowledged. */
  readonly records: string[];
  /** Request ids of windows that were answered. */
  readonly windows: string[];
}

const RECORDS = 5;

/** Senders and readers that go on until `isOver`; what fails is not counted, and the next one follows. */
export async function loadUntil(
  isOver: () => boolean,
  { url, key, callers }: { readonly url: string; readonly key: string; readonly callers: number },
): Promise<Acknowledged> {
  const done: Acknowledged = { records: [], windows: [] };
  const loginDate = '2021-01-01T10:00:00Z';
  const call = async (caller: number) => {
    for (let n = 0; !isOver(); n++) {
      const ids = Array.from({ length: RECORDS }, (_, i) => `${caller}-${n}-${i}`);
      const records = ids.map((externalId) => {
        const names = { externalId, clientGuid: `c${n % 7}`, clientName: 'c', userName: `u${n % 5}` };
        return { ...names, loginDate, logoutDate: null, activities: [{ at: loginDate, title: externalId }] };
      });
      const sent = await ingest(url, key, records).catch(() => undefined);
      if (sent?.accepted === RECORDS) done.records.push(...ids);
      const id = `w-${caller}-${n}`;
      const headers = { ApiKey: key, 'X-Request-Id': id, Connection: 'close' };
      const window = fetch(`${url}/ekranapi/sessions?start=2021-01-02&end=2021-01-03`, { headers });
      if ((await window.catch(() => undefined))?.ok) done.windows.push(id);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  return done;
}
