import { get } from '../../../api/client.js';
import { instantParameter, type Query } from '../../../api/query.js';
import type { Session } from '../../../api/types.js';
import { type View, xOf } from '../view/view.js';
import type { Row } from './model.js';

const DEBOUNCE_MS = 350;
/** Beyond this number there is no room for names. */
const MAX_SESSIONS = 1_000;
const MAX_KEPT = 20_000;

/** Narrower bars have no room for a name. */
const NARROW_PIXELS = 10;

export interface AskedNames {
  readonly from: number;
  readonly to: number;
  /** Filters of the rows, each with one parameter. */
  readonly rows: readonly Readonly<Record<string, string>>[];
  /** Sessions that have room for a name. */
  readonly ids: readonly number[];
}

/**
 * The names for all of the loaded window, so that moving within it needs no further request; those of the visible one if
 * there are too many.
 */
export function namesToAsk(rows: readonly Row[], view: View, loaded: { from: number; to: number }): AskedNames {
  const all = namesBetween(rows, view, loaded.from, loaded.to);
  if (all.ids.length <= MAX_SESSIONS / 2) return all;
  return namesBetween(rows, view, Math.max(view.from, loaded.from), Math.min(view.to, loaded.to));
}

function namesBetween(rows: readonly Row[], view: View, from: number, to: number): AskedNames {
  const hasRoom = ({ sessionId, start, end }: Row['bars'][number]) =>
    sessionId !== undefined && end > from && start < to && xOf(view, end) - xOf(view, start) > NARROW_PIXELS;
  const named = rows.map(({ filter, bars }) => ({ filter, bars: bars.filter(hasRoom) }));
  const ids = named.flatMap(({ bars }) => bars.flatMap(({ sessionId }) => sessionId ?? []));
  return { from, to, rows: named.filter(({ bars }) => bars.length > 0).map(({ filter }) => filter), ids };
}

/** Who is behind the bars: loaded for the visible rows once few enough sessions are visible to be told apart. */
export class SessionNames {
  private readonly known = new Map<number, Session>();
  private asked = '';
  private timer: ReturnType<typeof setTimeout> | undefined;
  private controller: AbortController | undefined;

  constructor(private readonly onNames: () => void) {}

  of(sessionId: number | undefined): Session | undefined {
    return sessionId === undefined ? undefined : this.known.get(sessionId);
  }

  need({ from, to, rows, ids }: AskedNames, filters: Query): void {
    clearTimeout(this.timer);
    const missing = ids.filter((id) => !this.known.has(id));
    if (missing.length === 0 || missing.length > MAX_SESSIONS) return;
    const query: Record<string, unknown> = { ...filters, from: instantParameter(from), to: instantParameter(to), limit: MAX_SESSIONS };
    for (const name of ['client', 'userId']) {
      const values = rows.flatMap((row) => row[name] ?? []);
      if (values.length > 0) query[name] = values;
    }
    const key = JSON.stringify(query);
    if (key === this.asked) return;
    this.timer = setTimeout(() => void this.load(query as Query, key), DEBOUNCE_MS);
  }

  close(): void {
    clearTimeout(this.timer);
    this.controller?.abort();
  }

  private async load(query: Query, key: string): Promise<void> {
    this.controller?.abort();
    const { signal } = (this.controller = new AbortController());
    this.asked = key;
    try {
      const { items } = await get('/api/v1/sessions', { query, signal });
      if (this.known.size > MAX_KEPT) this.known.clear();
      for (const session of items) this.known.set(session.sessionId, session);
      this.onNames();
    } catch {
      this.asked = ''; // bars without names are still of use
    }
  }
}
