import { createHash } from 'node:crypto';

/**
 * A brute-force model of the statistics: session by session and minute by minute, with the calendar of the platform. It shares
 * no code with the application.
 */
export interface ModelActivity {
  readonly at: number;
  readonly application: string | null;
  /** The expected site and the URL that it is derived from; null = no usable URL. */
  readonly url: string | null;
  readonly site: string | null;
}

export interface ModelSession {
  readonly id: number;
  readonly user: string;
  readonly client: string;
  readonly login: number;
  readonly logout: number | null;
  readonly activities: readonly ModelActivity[];
}

export interface ModelRules {
  readonly zone: string;
  readonly now: number;
  readonly idleAfter: number;
  readonly lostAfter: number | null;
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly activity: ModelActivity;
}

interface Seen {
  readonly session: ModelSession;
  readonly login: number;
  readonly logout: number | null;
  readonly spans: readonly Span[];
  readonly duration: number;
  readonly active: number;
}

const MINUTE = 60_000;

/** The sessions of the window [S, E), in order, clipped and with their active spans. */
export function seenIn(
  sessions: readonly ModelSession[],
  S: number | null,
  E: number | null,
  rules: ModelRules,
): Seen[] {
  return [...sessions]
    .sort((a, b) => a.login - b.login || a.id - b.id)
    .flatMap((session) => {
      const clipped = clip(session, S, E, rules);
      if (!clipped) return [];
      const until = clipped.logout ?? Math.max(rules.now, clipped.login);
      const spans = activeSpans(session.activities, clipped.login, until, rules.idleAfter);
      const active = spans.reduce((sum, { from, to }) => sum + to - from, 0);
      return [{ session, ...clipped, spans, active, duration: until - clipped.login }];
    });
}

function clip({ login, logout, activities }: ModelSession, S: number | null, E: number | null, rules: ModelRules) {
  const lastSign = Math.max(login, ...activities.map(({ at }) => at));
  const lost = logout === null && rules.lostAfter !== null && lastSign < rules.now - rules.lostAfter;
  const end = lost ? lastSign : logout;
  const until = end ?? Infinity;
  if (E !== null && (S === E ? login > E : login >= E)) return null;
  if (S !== null && login < S && until <= S) return null;
  const inside = activities
    .map(({ at }) => at)
    .filter((at) => at >= login && at <= until && (S === null || at >= S) && (E === null || at < E));
  const crossesEnd = E !== null && (end === null ? E <= rules.now : end > E);
  return {
    login: S !== null && login < S ? (inside.length > 0 ? Math.min(...inside) : S) : login,
    logout: crossesEnd ? (inside.length > 0 ? Math.max(...inside) : E) : end,
  };
}

function activeSpans(activities: readonly ModelActivity[], login: number, until: number, idleAfter: number): Span[] {
  const inOrder = new Map<string, ModelActivity>();
  for (const activity of activities)
    inOrder.set(`${String(activity.at).padStart(16, '0')} ${digest(activity)}`, activity);
  const counted = [...inOrder]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, activity]) => activity)
    .filter(({ at }) => at >= login && at <= until);
  return counted
    .map((activity, i) => ({
      from: activity.at,
      to: Math.min(counted[i + 1]?.at ?? Infinity, until, activity.at + idleAfter),
      activity,
    }))
    .filter(({ from, to }) => from < to);
}

const digest = ({ application, url }: ModelActivity) =>
  createHash('sha256')
    .update(JSON.stringify([application, null, url, null, null]))
    .digest('hex')
    .slice(0, 16);

/** The expected answer of getapp and geturl. */
export function usageOf(seen: readonly Seen[], keyOf: (activity: ModelActivity) => string | null, zone: string) {
  return seen.flatMap(({ session, spans }) => {
    const hours = new Map<string, Map<string, number>>();
    for (const { from, to, activity } of spans) {
      const key = keyOf(activity);
      if (key === null) continue;
      for (const { minute, ms } of minutes(from, to)) {
        const { date, hour, offset } = wall(minute, zone);
        const label = `${date}T${hour}:00:00${offset}`;
        const keys = hours.get(label) ?? hours.set(label, new Map()).get(label)!;
        keys.set(key, (keys.get(key) ?? 0) + ms);
      }
    }
    return [...hours].map(([timeOfDay, keys]) => ({
      data: [...keys]
        .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
        .map(([key, ms]) => ({ duration: timeSpan(ms), key })),
      sessionId: session.id,
      timeOfDay,
    }));
  });
}

/** The expected answer of getproductivity. */
export function productivityOf(seen: readonly Seen[], zone: string) {
  const users = new Map<string, Span[]>();
  for (const { session, spans } of seen) users.set(session.user, [...(users.get(session.user) ?? []), ...spans]);
  const totals = new Map<string, { date: string; hour: string; userName: string; ms: number }>();
  for (const [userName, spans] of users) {
    for (const [from, to] of covered(spans)) {
      for (const { minute, ms } of minutes(from, to)) {
        const { date, hour } = wall(minute, zone);
        const label = `${date} ${hour} ${userName}`;
        const total = totals.get(label) ?? { date, hour, userName, ms: 0 };
        totals.set(label, { ...total, ms: total.ms + ms });
      }
    }
  }
  return [...totals]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { date, hour, userName, ms }]) => ({
      date: firstOfDay(date, zone),
      totalMinutes: ms / MINUTE,
      userName,
      timeOfDay: Number(hour),
    }));
}

/** The union of the spans, computed by counting starts and ends. */
function* covered(spans: readonly Span[]): Generator<[number, number]> {
  const edges = spans.flatMap(({ from, to }) => [[from, 1] as const, [to, -1] as const]).sort(([a], [b]) => a - b);
  let depth = 0;
  for (let i = 0; i < edges.length; i++) {
    depth += edges[i]![1];
    if (depth > 0 && edges[i + 1]![0] > edges[i]![0]) yield [edges[i]![0], edges[i + 1]![0]];
  }
}

/** In every tested zone, offsets and hours change on full minutes. */
function* minutes(from: number, to: number): Generator<{ minute: number; ms: number }> {
  for (let at = from; at < to;) {
    const minute = Math.floor(at / MINUTE) * MINUTE;
    const next = Math.min(minute + MINUTE, to);
    yield { minute, ms: next - at };
    at = next;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();
const walls = new Map<string, { date: string; hour: string; offset: string }>();

/** Local date and time in the zone. */
function wall(minute: number, zone: string) {
  const name = `${zone} ${minute}`;
  const known = walls.get(name);
  if (known) return known;
  let format = formats.get(zone);
  if (!format) {
    const fields = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit' } as const;
    format = new Intl.DateTimeFormat('en-CA', {
      ...fields,
      timeZone: zone,
      hourCycle: 'h23',
      timeZoneName: 'longOffset',
    });
    formats.set(zone, format);
  }
  const part = Object.fromEntries(format.formatToParts(minute).map(({ type, value }) => [type, value]));
  const offset = part.timeZoneName!.replace('GMT', '') || '+00:00';
  const shown = { date: `${part.year}-${part.month}-${part.day}`, hour: part.hour!, offset };
  walls.set(name, shown);
  return shown;
}

const firsts = new Map<string, string>();

function firstOfDay(date: string, zone: string): string {
  const name = `${zone} ${date}`;
  if (!firsts.has(name)) {
    let minute = Date.parse(`${date}T00:00:00Z`) - 16 * 60 * MINUTE;
    while (wall(minute, zone).date !== date) minute += MINUTE;
    const { hour, offset } = wall(minute, zone);
    firsts.set(name, `${date}T${hour}:00:00${offset}`);
  }
  return firsts.get(name)!;
}

export function timeSpan(ms: number): string {
  const parts = [Math.floor(ms / 3_600_000) % 24, Math.floor(ms / MINUTE) % 60, Math.floor(ms / 1000) % 60];
  const clock = parts.map((n) => String(n).padStart(2, '0')).join(':');
  const days = Math.floor(ms / 86_400_000);
  return `${days ? `${days}.` : ''}${clock}.${String(ms % 1000).padStart(3, '0')}0000`;
}

/** Formats an instant as answers do. */
export function dateTime(ms: number, zone: string): string {
  const { offset } = wall(Math.floor(ms / MINUTE) * MINUTE, zone);
  const [hours, mins] = offset.slice(1).split(':').map(Number);
  const shift = (offset.startsWith('-') ? -1 : 1) * (hours! * 60 + mins!) * MINUTE;
  return new Date(ms + shift).toISOString().slice(0, 23) + offset;
}
