import type { Socket } from 'node:net';
import type { Attack, AttackGroup, Result } from '../support/attack.js';
import { closedWithin, openConnection, pause, requestText } from '../support/raw-connection.js';
import { settled } from '../support/resources.js';
import { freeSlots } from '../support/slots.js';
import { SLOTS, type Target } from '../support/target.js';

const STALL_MS = 2000;
const LINE_EVERY_MS = 500;
/** Twice the stall limit, and the time that the lines earn. */
const ENDED_WITHIN_MS = 3 * STALL_MS + 2000;
/** The time limit of a small body is 10 s; a busy machine needs a little more. */
const SMALL_BODY_MS = 20_000;

const settings = { STALL_TIMEOUT: `${STALL_MS / 1000}s`, INGESTS_PER_CALLER: String(SLOTS - 1) };
export const slowIngestion: AttackGroup = { name: 'slow senders', settings, attacks: [dribble()] };
export const missingBodies: AttackGroup = { name: 'slow senders', settings, attacks: [announcedBodies()] };

/** Ingestion requests that send a line before each stall limit, and so never stall. */
function dribble(): Attack {
  return {
    name: 'ingestion of a line now and then',
    run: async (target): Promise<Result> => {
      const before = await target.resources();
      const sockets = await Promise.all(Array.from({ length: 8 }, () => beginIngestion(target)));
      const timer = setInterval(() => {
        for (const socket of sockets) if (socket.writable) socket.write('3\r\n{}\n\r\n');
      }, LINE_EVERY_MS);
      await pause(300);
      const other = await otherCaller(target);
      const closed = await Promise.all(sockets.map((socket) => closedWithin(socket.resume(), ENDED_WITHIN_MS)));
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      const after = await settled(() => target.resources(), before);
      const slots = await freeSlots(target);
      const ended = closed.filter(Boolean).length;
      return {
        tried: `8 senders, a line each ${LINE_EVERY_MS} ms`,
        outcome: `meanwhile another caller got ${other}; ${ended} of 8 ended; ${after.text}; ${slots.text}`,
        held: other === 200 && ended === 8 && after.held && slots.held,
      };
    },
  };
}

/** Requests that announce a small body and never send it. */
function announcedBodies(): Attack {
  return {
    name: 'announced bodies that never come',
    run: async (target): Promise<Result> => {
      const before = await target.resources();
      const headers = { 'Content-Type': 'application/json', 'Content-Length': '10' };
      const send = async (path: string, key: string) => {
        const socket = await openConnection(target.url);
        socket.write(requestText('POST', path, { ...headers, ApiKey: key }));
        return socket.resume();
      };
      const count = target.count(100);
      const open = Array.from({ length: count }, (_, n) =>
        n % 2 ? send('/ekranapi/sessions', target.keys.reader) : send('/api/v1/keys', target.keys.admin),
      );
      const sockets = await Promise.all(open);
      const closed = await Promise.all(sockets.map((socket) => closedWithin(socket, SMALL_BODY_MS)));
      for (const socket of sockets) socket.destroy();
      const after = await settled(() => target.resources(), before);
      const ended = closed.filter(Boolean).length;
      return {
        tried: `${count} requests for details and for keys`,
        outcome: `${ended} ended within ${SMALL_BODY_MS / 1000} s; ${after.text}`,
        held: ended === count && after.held,
      };
    },
  };
}

async function beginIngestion({ url, keys }: Target): Promise<Socket> {
  const socket = await openConnection(url);
  const headers = { ApiKey: keys.writer, 'Content-Type': 'application/x-ndjson', 'Transfer-Encoding': 'chunked' };
  socket.write(requestText('POST', '/api/v1/ingest/sessions', headers));
  return socket;
}

async function otherCaller({ url, keys }: Target): Promise<number> {
  const headers = { ApiKey: keys.collector, 'Content-Type': 'application/x-ndjson', Connection: 'close' };
  const answer = await fetch(`${url}/api/v1/ingest/sessions`, { method: 'POST', headers, body: '{}' });
  await answer.arrayBuffer();
  return answer.status;
}
