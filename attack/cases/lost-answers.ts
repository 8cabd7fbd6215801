import type { Attack, AttackGroup, Result } from '../support/attack.js';
import {
  closedWithin,
  emitted,
  inParallel,
  openConnection,
  pause,
  readUntilClosed,
  requestText,
} from '../support/raw-connection.js';
import { settled } from '../support/resources.js';
import { freeSlots } from '../support/slots.js';
import { type Target, uniqueName } from '../support/target.js';

/** Answers of each kind that are lost. */
const LOST = 10_000;
/** Pipelined requests of one connection, fewer than the server allows. */
const PIPELINED = 90;
const PARALLEL = 6;
/** Time between the first byte and the reset, in which a server may begin with the other requests. */
const READING_MS = 20;

/**
 * Pipelined requests whose connection is reset while nothing was read. A handler that began for a queued response would
 * keep its file, slot or transaction, because Node never tells it that the response is lost.
 */
export const lostAnswers: AttackGroup = {
  name: 'lost pipelined answers',
  attacks: [
    lost('documentation', () => requestText('GET', '/docs/swagger-ui-bundle.js')),
    lost('windows', ({ keys }) =>
      requestText('GET', '/ekranapi/sessions?start=2021-01-02&end=2021-01-03', { ApiKey: keys.reader }),
    ),
    lost('long downloads', ({ keys }) => requestText('GET', '/ekranapi/sessions', { ApiKey: keys.reader })),
    lost('ingestion', ({ keys }) => ingestion(keys.writer)),
    tooMany(),
  ],
};

function lost(kind: string, request: (target: Target) => string): Attack {
  return {
    name: `lost answers: ${kind}`,
    run: async (target): Promise<Result> => {
      const connections = Math.ceil(target.count(LOST) / PIPELINED);
      await answerOnce(target, request(target));
      const before = await target.resources();
      await loseAnswers(target, connections, request(target));
      const { text, held } = await settled(() => target.resources(), before);
      const slots = await freeSlots(target);
      return {
        tried: `${connections * PIPELINED} requests on ${connections} connections, reset`,
        outcome: `${text}; ${slots.text}`,
        held: held && slots.held,
      };
    },
  };
}

function loseAnswers({ url }: Target, connections: number, request: string): Promise<void> {
  const text = request.repeat(PIPELINED);
  return inParallel(connections, PARALLEL, async () => {
    const socket = await openConnection(url);
    socket.write(text);
    await Promise.race([emitted(socket, 'readable'), closedWithin(socket, 10_000)]);
    await pause(READING_MS);
    socket.resetAndDestroy();
  });
}

function ingestion(writer: string): string {
  const record = {
    ...{ externalId: uniqueName('lost'), clientGuid: 'lost', clientName: 'lost', userName: 'lost' },
    ...{ loginDate: '2022-01-01T00:00:00Z', logoutDate: null },
  };
  const headers = { ApiKey: writer, 'Content-Type': 'application/x-ndjson' };
  return requestText('POST', '/api/v1/ingest/sessions', headers, JSON.stringify(record));
}

function tooMany(): Attack {
  return {
    name: 'pipelined requests without end',
    run: async (target): Promise<Result> => {
      const before = await target.resources();
      const request = requestText('GET', '/ekranapi/sessions', { ApiKey: target.keys.reader });
      const requests = target.count(LOST);
      const socket = await openConnection(target.url);
      socket.write(request.repeat(requests));
      for (let tries = 0; tries < 40 && !socket.destroyed; tries++) await pause(50);
      // A paused socket reports the end only when it is read.
      socket.resume();
      await pause(200);
      const closed = socket.destroyed;
      socket.destroy();
      const { text, held } = await settled(() => target.resources(), before);
      return {
        tried: `${requests} requests on one connection`,
        outcome: `${closed ? 'closed' : 'left open'}; ${text}`,
        held: closed && held,
      };
    },
  };
}

/** Loads code and fills caches; that memory is no leak. */
async function answerOnce({ url }: Target, request: string): Promise<void> {
  const socket = await openConnection(url);
  socket.write(request.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  await readUntilClosed(socket, 30_000);
}
