import type { AttackGroup, Result } from '../support/attack.js';
import { type FuzzedRequest, fuzzedRequest } from '../support/fuzzed-request.js';
import { Random } from '../support/random.js';
import { emitted, openConnection } from '../support/raw-connection.js';
import { settled } from '../support/resources.js';
import { ResponseReader } from '../support/response-reader.js';
import { freeSlots } from '../support/slots.js';
import type { Target } from '../support/target.js';

const REQUESTS = 100_000;
const CONNECTIONS = 48;
const PIPELINED = 4;
/** A connection on which nothing arrives for this time hangs. The server ends a request that never arrives after 3 s. */
const HANG_MS = 20_000;

export const fuzz: AttackGroup = {
  name: 'fuzz',
  settings: { HEADERS_TIMEOUT: '2s', REQUEST_TIMEOUT: '3s', STALL_TIMEOUT: '5s', MAX_DOWNLOADS: '8' },
  attacks: [{ name: 'fuzzed requests', run: fuzzRequests }],
};

class Tally {
  sent = 0;
  answered = 0;
  hangs = 0;
  readonly statuses = new Map<number, number>();
  readonly failures: string[] = [];

  status(status: number): void {
    this.answered++;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
  }

  get text(): string {
    const counts = [...this.statuses].sort(([a], [b]) => a - b).map(([status, n]) => `${status}: ${n}`);
    return `${this.answered} answered (${counts.join(', ')}), ${this.hangs} hangs`;
  }
}

async function fuzzRequests(target: Target): Promise<Result> {
  const tally = new Tally();
  // The same requests warm up the caches and the compiler.
  await fuzzWith(target, new Tally(), target.count(REQUESTS / 50));
  const before = await target.resources();
  await fuzzWith(target, tally, target.count(REQUESTS));
  const after = await settled(() => target.resources(), before);
  const slots = await freeSlots(target);
  const errors = (tally.statuses.get(500) ?? 0) + tally.failures.length;
  for (const failure of tally.failures) process.stderr.write(`${failure}\n`);
  return {
    tried: `${tally.sent} requests, up to ${PIPELINED} pipelined, seed ${target.randomSeed}`,
    outcome: `${tally.text}; ${after.text}; ${slots.text}`,
    held: errors === 0 && tally.hangs === 0 && after.held && slots.held && tally.answered >= target.count(REQUESTS),
  };
}

async function fuzzWith(target: Target, tally: Tally, requests: number): Promise<void> {
  const worker = async (n: number) => {
    const random = new Random(target.randomSeed * 1000 + n);
    while (tally.answered < requests) await oneConnection(target, random, tally, requests);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, n) => worker(n)));
}

/** Sends batches until the server closes the connection, or enough requests are answered. */
async function oneConnection(target: Target, random: Random, tally: Tally, requests: number): Promise<void> {
  const socket = await openConnection(target.url);
  const pending: FuzzedRequest[] = [];
  let answered: FuzzedRequest | undefined;
  const methods: string[] = [];
  const reader = new ResponseReader(methods, ({ status }) => {
    answered = pending.shift();
    tally.status(status);
    if (status === 500) tally.failures.push(`500: ${textOf(answered)}`);
    if (pending.length === 0) socket.emit('idle');
  });
  socket.on('data', (bytes: Buffer) => {
    try {
      reader.add(bytes);
    } catch (error) {
      tally.failures.push((error as Error).message);
      socket.destroy();
    }
  });
  socket.resume();
  socket.setTimeout(HANG_MS);
  let hangs = false;
  const ended = Promise.race([emitted(socket, 'close'), emitted(socket, 'timeout').then(() => (hangs = true))]);
  while (tally.answered < requests && !socket.destroyed) {
    for (let n = 1 + random.below(PIPELINED); n > 0; n--) pending.push(fuzzedRequest(random, target.keys));
    methods.push(...pending.map(({ method }) => method));
    tally.sent += pending.length;
    const idle = emitted(socket, 'idle');
    socket.write(Buffer.concat(pending.map(({ bytes }) => bytes)));
    await Promise.race([idle, ended]);
    if (hangs) break;
  }
  if (hangs) {
    tally.hangs++;
    tally.failures.push(`hangs: ${textOf(pending[0])}\nafter the beginning of the answer to: ${textOf(answered)}`);
  }
  socket.destroy();
}

const textOf = (request: FuzzedRequest | undefined) => request?.bytes.toString('latin1').slice(0, 1500) ?? 'nothing';
