import { gzipSync } from 'node:zlib';
import { HOSTILE_BODIES, type HostileBody } from '../../test/support/hostile-bodies.js';
import type { Attack, AttackGroup, Result } from '../support/attack.js';
import { settled } from '../support/resources.js';
import { SLOTS, type Target } from '../support/target.js';

const MAX_MS = 4000;
const MAX_MORE_MIB = 200;

/** Small compressed bodies that are large when they are parsed. */
export const ingestBodies: AttackGroup = { name: 'ingestion bodies', attacks: HOSTILE_BODIES.map(hostileBody) };

function hostileBody({ name, type, text, answer }: HostileBody): Attack {
  return {
    name: `ingest: ${name}`,
    run: async (target): Promise<Result> => {
      await target.bystanderWindow();
      const before = await target.resources();
      const body = gzipSync(text());
      let isSending = true;
      const watched = watch(target, () => isSending);
      const answers = await Promise.all(Array.from({ length: SLOTS }, () => send(target, type, body)));
      isSending = false;
      const { slowestMs, memoryMiB } = await watched;
      const { text: resources, held } = await settled(() => target.resources(), before);
      const refused = answers.filter((given) => answer.test(given)).length;
      return {
        tried: `${SLOTS} × ${body.length} bytes of gzip`,
        outcome: `${refused} refused; at most ${memoryMiB} MiB; slowest window ${Math.round(slowestMs)} ms; ${resources}`,
        held: held && refused === SLOTS && slowestMs < MAX_MS && memoryMiB <= before.memoryMiB + MAX_MORE_MIB,
      };
    },
  };
}

async function send({ url, keys }: Target, type: string, body: Buffer): Promise<string> {
  const headers = { ApiKey: keys.writer, 'Content-Type': type, 'Content-Encoding': 'gzip' };
  return (await fetch(`${url}/api/v1/ingest/sessions`, { method: 'POST', headers, body })).text();
}

/** Windows of the bystander, one after another. */
async function watch(target: Target, isSending: () => boolean) {
  let slowestMs = 0;
  let memoryMiB = 0;
  while (isSending()) {
    slowestMs = Math.max(slowestMs, await target.bystanderWindow());
    memoryMiB = Math.max(memoryMiB, (await target.resources()).memoryMiB);
  }
  return { slowestMs, memoryMiB };
}
