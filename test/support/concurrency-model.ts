/**
 * A brute-force model of concurrency and overlaps, with the calendar of the platform. It shares no code with the
 * application.
 */
export interface ModelSession {
  readonly id: number;
  readonly client: string;
  readonly user: string;
  readonly login: number;
  readonly logout: number | null;
  readonly lastSeen: number;
}

export interface ModelRules {
  readonly zone: string;
  readonly now: number;
  readonly lostAfter: number | null;
}

export const STEPS = {
  ...{
    '1m': 60_000,
    PT5M: 5 * 60_000,
    '15m': 15 * 60_000,
    '1h': 3_600_000,
    PT6H: 6 * 3_600_000,
    '720m': 12 * 3_600_000,
  },
  ...{ '1d': 'day', P1D: 'day', '1w': 'week', P7D: 'week', '1mo': 'month', P1M: 'month' },
} as const;
export type StepName = keyof typeof STEPS;

const QUARTER = 15 * 60_000;
const HOUR = 4 * QUARTER;

const endOf = ({ logout, lastSeen }: ModelSession, { now, lostAfter }: ModelRules): number =>
  logout ?? (lostAfter !== null && lastSeen < now - lostAfter ? lastSeen : Infinity);

/** `2021-09-01T17:00:00.000+03:00`, by the calendar of the platform. */
export function dateTime(ms: number, zone: string): string {
  const local = new Date(Date.parse(`${localText(ms, zone)}Z`) + (((ms % 1000) + 1000) % 1000));
  const minutes = Math.round((local.getTime() - ms) / 60_000);
  const two = (n: number) => String(n).padStart(2, '0');
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  return local.toISOString().slice(0, 23) + offset;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** `2021-09-01T17:00:00` */
function localText(ms: number, zone: string): string {
  let format = formats.get(zone);
  if (!format) {
    const digits = { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', ...digits });
    formats.set(zone, format);
  }
  return format.format(ms).replace(' ', 'T');
}

const dates = new Map<string, string>();

function localDate(ms: number, zone: string): string {
  const key = `${zone} ${ms}`;
  let date = dates.get(key);
  if (date === undefined) dates.set(key, (date = localText(ms, zone).slice(0, 10)));
  return date;
}

/** First instants of the local days from before `from` to after `to`; modern days begin at quarter hours of UTC. */
function dayStarts(from: number, to: number, zone: string): number[] {
  const starts: number[] = [];
  for (let at = Math.floor(from / QUARTER) * QUARTER - 80 * HOUR; at <= to + 80 * HOUR; at += QUARTER)
    if (localDate(at, zone) > localDate(at - QUARTER, zone)) starts.push(at);
  return starts;
}

/** The buckets of [from, to). */
export function bucketsOf(from: number, to: number, step: StepName, zone: string): [number, number][] {
  const days = dayStarts(from, to, zone);
  const length = STEPS[step];
  const isBorder = (start: number) => {
    const date = localDate(start, zone);
    if (length === 'month') return date.slice(0, 7) > localDate(start - QUARTER, zone).slice(0, 7);
    return length !== 'week' || new Date(`${date}T00:00:00Z`).getUTCDay() === 1;
  };
  const borders =
    typeof length === 'number'
      ? days.slice(0, -1).flatMap((start, i) => {
          const count = Math.ceil((days[i + 1]! - start) / length);
          return Array.from({ length: count }, (_, n) => start + n * length);
        })
      : days.filter(isBorder);
  const inside = borders.filter((border) => border > from && border < to);
  const starts = [from, ...inside];
  return from < to ? starts.map((start, i) => [start, starts[i + 1] ?? to]) : [];
}

export interface ModelCounts {
  readonly openAtStart: number;
  readonly peak: number;
  readonly logins: number;
  readonly ends: number;
}

export function countsIn(
  sessions: readonly ModelSession[],
  [from, to]: [number, number],
  rules: ModelRules,
): ModelCounts {
  const spans = sessions.map((session) => [session.login, endOf(session, rules)] as const);
  const openAt = (at: number) => spans.filter(([login, end]) => login <= at && at < end).length;
  const inside = (at: number) => at >= from && at < to;
  const instants = [from, ...spans.map(([login]) => login).filter(inside)];
  return {
    openAtStart: openAt(from),
    peak: Math.max(...instants.map(openAt)),
    logins: spans.filter(([login]) => inside(login)).length,
    ends: spans.filter(([, end]) => inside(end)).length,
  };
}

export interface ModelOverlap {
  readonly user: string;
  readonly start: number;
  /** Null while it lasts. */
  readonly end: number | null;
  readonly sessionIds: number[];
}

/** The overlaps of one user, in order. */
export function overlapsOf(
  sessions: readonly ModelSession[],
  from: number | null,
  to: number | null,
  minClients: number,
  rules: ModelRules,
): Omit<ModelOverlap, 'user'>[] {
  const spans = sessions
    .map((session) => ({ ...session, end: endOf(session, rules) }))
    .filter(({ login, end }) => end > login);
  const first = from ?? -Infinity;
  const last = to ?? Infinity;
  const openAt = (at: number) => spans.filter(({ login, end }) => login <= at && at < end);
  const isOverlap = (at: number) => new Set(openAt(at).map(({ client }) => client)).size >= minClients;
  const events = [...new Set([first, ...spans.flatMap(({ login, end }) => [login, end])])]
    .filter((at) => at >= first && (at < last || (from === to && at === last)) && Number.isFinite(at))
    .sort((a, b) => a - b);
  const found: { start: number; end: number | null }[] = [];
  let start: number | null = null;
  for (const at of events) {
    if (isOverlap(at)) start ??= at;
    else if (start !== null) {
      found.push({ start, end: at });
      start = null;
    }
  }
  if (start !== null) {
    const live = openAt(events.at(-1)!).filter(({ end }) => end === Infinity);
    const lasts = new Set(live.map(({ client }) => client)).size >= minClients;
    found.push({ start, end: lasts && (to === null || to > rules.now) ? null : to });
  }
  return found.map(({ start, end }) => ({
    start,
    end,
    sessionIds: spans
      // Equal bounds select the sessions that are open at that instant.
      .filter((s) => (from !== null && from === to ? s.login <= start : s.login < (end ?? last)) && s.end > start)
      .sort((a, b) => a.login - b.login || a.id - b.id)
      .map(({ id }) => id),
  }));
}
