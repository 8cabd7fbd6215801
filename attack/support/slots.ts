import { pause } from './raw-connection.js';
import { SLOTS, type Target } from './target.js';

const WAIT_MS = 10_000;

/** Whether all download and ingestion slots can be used again, within 10 seconds. */
export async function freeSlots(target: Target): Promise<{ readonly text: string; readonly held: boolean }> {
  const downloads = await allAnswered(() => download(target));
  const ingests = await allAnswered(() => ingest(target));
  const held = downloads && ingests;
  return { text: held ? 'slots free' : `download slots ${downloads}, ingestion slots ${ingests}`, held };
}

async function allAnswered(request: () => Promise<number>): Promise<boolean> {
  for (const until = Date.now() + WAIT_MS; Date.now() < until; await pause(200)) {
    const statuses = await Promise.all(Array.from({ length: SLOTS }, request));
    if (statuses.every((status) => status === 200)) return true;
  }
  return false;
}

async function download({ url, keys }: Target): Promise<number> {
  const answer = await fetch(`${url}/ekranapi/sessions`, { headers: { ApiKey: keys.reader, Connection: 'close' } });
  await answer.arrayBuffer();
  return answer.status;
}

async function ingest({ url, keys }: Target): Promise<number> {
  const headers = { ApiKey: keys.writer, 'Content-Type': 'application/x-ndjson', Connection: 'close' };
  const answer = await fetch(`${url}/api/v1/ingest/sessions`, { method: 'POST', headers, body: '{}' });
  await answer.arrayBuffer();
  return answer.status;
}
