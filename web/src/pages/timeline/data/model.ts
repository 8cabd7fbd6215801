import type { SessionState } from '../../../api/types.js';
import { assignLanes } from '../view/lanes.js';

export type RowKind = 'client' | 'user';

/** What the server sends for one bar. */
interface BarAnswer {
  readonly start: string;
  readonly end: string | null;
  readonly sessions: number;
  readonly state: SessionState;
  readonly sessionId?: number;
  readonly clippedStart?: true;
  readonly clippedEnd?: true;
  readonly endEstimated?: true;
}

export interface RowAnswer {
  readonly client?: { readonly guid: string; readonly name: string };
  readonly user?: { readonly id: number; readonly name: string; readonly domain: string };
  readonly bars: readonly BarAnswer[];
}

export interface RowsAnswer {
  readonly bucketSeconds: number;
  readonly items: readonly RowAnswer[];
  readonly next: string | null;
  readonly total?: number;
}

/** A bar as it is drawn; instants in milliseconds since 1970. */
export interface Bar {
  readonly start: number;
  /** Infinity = open: it grows with the time. */
  readonly end: number;
  readonly sessions: number;
  readonly state: SessionState;
  readonly sessionId: number | undefined;
  readonly clippedStart: boolean;
  readonly clippedEnd: boolean;
  readonly lane: number;
}

export interface Row {
  readonly key: string;
  readonly name: string;
  /** Parameter of the API that selects this row alone. */
  readonly filter: Readonly<Record<string, string>>;
  readonly bars: readonly Bar[];
  readonly lanes: number;
}

export function rowOf(answer: RowAnswer): Row {
  const spans = answer.bars.map(({ start, end }) => ({
    start: Date.parse(start),
    end: end === null ? Infinity : Date.parse(end),
  }));
  const { count, lanes } = assignLanes(spans);
  const bars = answer.bars.map((bar, i) => ({
    ...spans[i]!,
    ...{ sessions: bar.sessions, state: bar.state, sessionId: bar.sessionId, lane: lanes[i]! },
    ...{ clippedStart: bar.clippedStart ?? false, clippedEnd: bar.clippedEnd ?? false },
  }));
  return { ...identityOf(answer), bars, lanes: count };
}

function identityOf({ client, user }: RowAnswer): Pick<Row, 'key' | 'name' | 'filter'> {
  if (client) return { key: client.guid, name: client.name || client.guid, filter: { client: client.guid } };
  const { id, name, domain } = user!;
  return { key: String(id), name: domain ? `${domain}\\${name}` : name, filter: { userId: String(id) } };
}
