import { randomUUID } from 'node:crypto';
import type { Application } from './application.js';
import type { Call } from './call-times.js';

/** An ingestion request. All its records belong to one client, so a window shows how many of them are stored. */
export interface FaultRequest {
  readonly id: string;
  readonly size: number;
  /** First login in milliseconds since 1970; each further login is a second later. */
  readonly from: number;
}

export const ACTIVITIES = 3;

/** The sender's view: all sent requests, and those that were answered with 200 and fully accepted. */
export class ClientLog {
  readonly sent: FaultRequest[] = [];
  readonly acknowledged = new Set<FaultRequest>();
  /** Violations of a promise that were observed during the run. */
  readonly contradictions: string[] = [];
  readonly calls: Call[] = [];
}

interface Sent {
  readonly status: number;
  readonly text: string;
}

/** Calls, and logs what the caller saw. @returns status 0 when there was no answer */
async function send(
  url: string,
  options: RequestInit,
  { log, caller }: { log: ClientLog; caller: string },
): Promise<Sent> {
  const from = performance.now();
  const requestId = randomUUID();
  const note = (status: number, retryAfter: boolean, reason?: string) =>
    log.calls.push({ caller, requestId, from, to: performance.now(), status, retryAfter, ...(reason && { reason }) });
  try {
    const headers = { ...(options.headers as Record<string, string>), 'X-Request-Id': requestId };
    const answer = await fetch(url, { ...options, headers });
    const text = await answer.text();
    note(answer.status, answer.headers.has('retry-after'), answer.ok ? undefined : text);
    return { status: answer.status, text };
  } catch (error) {
    const { message, cause } = error as Error;
    note(0, false, `${message} ${cause instanceof Error ? cause.message : ''}`);
    return { status: 0, text: '' };
  }
}

export interface Delivery {
  readonly log: ClientLog;
  /** With a fact that changes the sessions. */
  readonly again?: boolean;
  readonly caller?: string;
}

/** Sends one request. @returns whether it was acknowledged */
export async function deliver(
  app: Application,
  key: string,
  request: FaultRequest,
  { log, again = false, caller = 'again' }: Delivery,
): Promise<boolean> {
  const headers = { ApiKey: key, 'Content-Type': 'application/x-ndjson' };
  const options = { method: 'POST', headers, body: bodyOf(request, again), signal: AbortSignal.timeout(60_000) };
  const { status, text } = await send(`${app.url}/api/v1/ingest/sessions`, options, { log, caller });
  if (status !== 200) return false;
  const { accepted } = JSON.parse(text) as { accepted: number };
  if (accepted !== request.size) log.contradictions.push(`${request.id}: ${accepted} of ${request.size} accepted`);
  log.acknowledged.add(request);
  return true;
}

function bodyOf({ id, size, from }: FaultRequest, again: boolean): string {
  const lines = Array.from({ length: size }, (_, i) => {
    const login = from + i * 1000;
    const iso = (ms: number) => new Date(ms).toISOString();
    return JSON.stringify({
      ...{ externalId: `${id}-${i}`, clientGuid: id, clientName: id, userName: `user ${i % 7}` },
      ...{ loginDate: iso(login), logoutDate: iso(login + 500), ...(again && { remoteHost: 'again' }) },
      activities: Array.from({ length: ACTIVITIES }, (_, n) => ({ at: iso(login + n), title: `${n}` })),
    });
  });
  return lines.join('\n');
}

/**
 * Reads a window repeatedly until `ended`. Each request must be visible completely or not at all.
 *
 * @param window first and last login of the requests sent meanwhile
 */
export async function watch(
  app: Application,
  key: string,
  window: { readonly from: number; readonly to: number },
  { log, ended, caller }: { readonly log: ClientLog; readonly ended: () => boolean; readonly caller: string },
): Promise<number> {
  const query = `start=${new Date(window.from).toISOString()}&end=${new Date(window.to).toISOString()}`;
  let looks = 0;
  while (!ended()) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    const options = { headers: { ApiKey: key }, signal: AbortSignal.timeout(10_000) };
    const { status, text } = await send(`${app.url}/ekranapi/sessions?${query}`, options, { log, caller });
    if (status !== 200) continue;
    const rows = JSON.parse(text) as { clientGuid: string }[];
    looks++;
    const counts = new Map<string, number>();
    for (const { clientGuid } of rows) counts.set(clientGuid, (counts.get(clientGuid) ?? 0) + 1);
    for (const { id, size } of log.sent) {
      const count = counts.get(id) ?? 0;
      if (count !== 0 && count !== size) log.contradictions.push(`${id}: a reader saw ${count} of ${size}`);
    }
  }
  return looks;
}
