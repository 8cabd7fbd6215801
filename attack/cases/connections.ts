import type { Socket } from 'node:net';
import type { Attack, AttackGroup, Result } from '../support/attack.js';
import { closedWithin, emitted, openConnection, pause, requestText } from '../support/raw-connection.js';
import { settled } from '../support/resources.js';
import type { Target } from '../support/target.js';

const CONNECTIONS = 3000;
const PER_ADDRESS = 128;
const STALL_MS = 1500;

export const connections: AttackGroup = {
  name: 'connections',
  settings: {
    ...{ CONNECTIONS_PER_ADDRESS: String(PER_ADDRESS), STALL_TIMEOUT: '2s', HEADERS_TIMEOUT: '2s' },
    ...{ DOWNLOADS_PER_CALLER: '2', ANSWERS_PER_CALLER: '2' },
  },
  attacks: [flood(), unreadAnswers()],
};

/** Many connections at once from one address, each with a request. */
function flood(): Attack {
  return {
    name: '3,000 connections at once',
    run: async (target): Promise<Result> => {
      await target.bystanderWindow();
      const before = await target.resources();
      const request = requestText('GET', '/api/v1/nothing');
      const sockets = await Promise.all(Array.from({ length: target.count(CONNECTIONS) }, () => open(target, request)));
      await Promise.all(sockets.map(answeredOrClosed));
      const kept = sockets.filter((socket) => !socket.destroyed).length;
      const { descriptors } = await target.resources();
      const bystanderMs = await target.bystanderWindow();
      for (const socket of sockets) socket.destroy();
      const { text, held } = await settled(() => target.resources(), before);
      const bounded = descriptors <= before.descriptors + PER_ADDRESS + 20;
      return {
        tried: `${sockets.length} connections of one address`,
        outcome: `${kept} kept; ${descriptors} descriptors; meanwhile a window in ${Math.round(bystanderMs)} ms; ${text}`,
        held: held && bounded && kept <= PER_ADDRESS && bystanderMs < 2000,
      };
    },
  };
}

/** Connections that ask for answers of about 1 MiB and read nothing. */
function unreadAnswers(): Attack {
  return {
    name: 'unread answers of 1 MiB',
    run: async (target): Promise<Result> => {
      const before = await target.resources();
      const window = `/ekranapi/sessions?start=2021-01-01T00:00:00Z&end=2021-01-05T00:00:00Z`;
      const text = requestText('GET', window, { ApiKey: target.keys.reader }).repeat(90);
      const sockets = await Promise.all([0, 1, 2].map(() => open(target, text)));
      await pause(STALL_MS);
      const { memoryMiB } = await target.resources();
      await pause(4 * STALL_MS);
      const late = await settled(() => target.resources(), before);
      for (const socket of sockets) socket.resume();
      const closed = await Promise.all(sockets.map((socket) => closedWithin(socket, 3000)));
      for (const socket of sockets) socket.destroy();
      return {
        tried: '3 connections with 90 windows each, nothing read',
        outcome: `${memoryMiB - before.memoryMiB} MiB more at first; ${closed.filter(Boolean).length} of 3 closed; ${late.text}`,
        held: late.held && closed.every(Boolean) && memoryMiB - before.memoryMiB < 200,
      };
    },
  };
}

async function open({ url }: Target, text: string): Promise<Socket> {
  const socket = await openConnection(url);
  socket.write(text);
  return socket;
}

/** Waits for the first byte or the end of the connection, at most 10 seconds. */
async function answeredOrClosed(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  socket.resume();
  await Promise.race([emitted(socket, 'data'), closedWithin(socket, 10_000)]);
}
