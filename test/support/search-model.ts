/**
 * A brute-force model of the search for sessions: every session is compared with every condition of the question, in
 * numbers. It shares no code with the application.
 */
export interface SearchedSession {
  readonly id: number;
  readonly externalId: string;
  readonly client: string;
  readonly clientName: string;
  readonly user: string;
  readonly domain: string;
  readonly userId: number;
  readonly login: number;
  readonly logout: number | null;
  readonly lastSeen: number | null;
  readonly activities: readonly SearchedActivity[];
  readonly remoteAddress: string | null;
  readonly logonType: string | null;
}

interface SearchedActivity {
  readonly at: number;
  readonly application: string | null;
  readonly title: string | null;
  readonly url: string | null;
}

/** Instants and durations in milliseconds; absent = not asked for. */
export interface Question {
  readonly from?: number;
  readonly to?: number;
  readonly activeAt?: number;
  readonly client?: readonly string[];
  readonly clientName?: readonly string[];
  readonly user?: readonly string[];
  readonly userId?: readonly number[];
  readonly state?: readonly string[];
  readonly logonType?: readonly string[];
  /** Prefix of an IPv4 address in bits, and the address. */
  readonly remoteAddress?: { readonly address: string; readonly bits: number };
  readonly minDuration?: number;
  readonly maxDuration?: number;
  readonly application?: string;
  readonly text?: string;
  readonly order?: 'asc' | 'desc';
}

export interface ModelRules {
  readonly now: number;
  readonly lostAfter: number | null;
  /** Guids of the clients that the caller may see. */
  readonly scope: readonly string[] | null;
}

export interface Expected {
  readonly sessionId: number;
  readonly state: string;
  readonly loginDate: number;
  readonly logoutDate: number | null;
  readonly endEstimated: boolean;
  readonly lastSeen: number;
  readonly durationSeconds: number | null;
  readonly clipped?: { readonly loginDate: number; readonly logoutDate: number | null };
}

export function expectedSessions(all: readonly SearchedSession[], q: Question, rules: ModelRules): Expected[] {
  const found = all.flatMap((session) => {
    const facts = factsOf(session, rules);
    return matches(session, facts, q, rules) ? [{ session, facts }] : [];
  });
  found.sort((a, b) => a.session.login - b.session.login || a.session.id - b.session.id);
  if (q.order === 'desc') found.reverse();
  return found.map(({ session, facts }) => ({
    sessionId: session.id,
    state: facts.state,
    loginDate: session.login,
    logoutDate: facts.end,
    endEstimated: facts.state === 'lost',
    lastSeen: facts.sign,
    durationSeconds: facts.end === null ? null : (facts.end - session.login) / 1000,
    ...((q.from !== undefined || q.to !== undefined) && { clipped: clip(session, facts.end, q, rules.now) }),
  }));
}

interface Facts {
  readonly state: 'live' | 'ended' | 'lost';
  readonly end: number | null;
  readonly sign: number;
}

function factsOf({ login, logout, lastSeen, activities }: SearchedSession, { now, lostAfter }: ModelRules): Facts {
  const signs = [login, lastSeen ?? login, logout ?? login, ...activities.map(({ at }) => at)];
  const sign = Math.max(...signs);
  if (logout !== null) return { state: 'ended', end: logout, sign };
  return lostAfter !== null && sign < now - lostAfter
    ? { state: 'lost', end: sign, sign }
    : { state: 'live', end: null, sign };
}

function matches(session: SearchedSession, { state, end }: Facts, q: Question, rules: ModelRules): boolean {
  const S = q.activeAt ?? q.from ?? -Infinity;
  const E = q.activeAt ?? q.to ?? Infinity;
  const until = end ?? Infinity;
  const duration = Math.max(0, (end ?? rules.now) - session.login);
  const among = <T>(values: readonly T[] | undefined, value: T | null) =>
    values === undefined || (value !== null && values.includes(value));
  return [
    S === E ? session.login <= E : session.login < E,
    session.login >= S || until > S,
    rules.scope === null || rules.scope.includes(session.client),
    among(q.client, session.client),
    among(q.clientName, session.clientName),
    q.user === undefined || q.user.some((name) => isNamed(session, name)),
    among(q.userId, session.userId),
    among(q.state, state),
    among(q.logonType, session.logonType),
    q.remoteAddress === undefined || isInNetwork(session.remoteAddress, q.remoteAddress),
    q.minDuration === undefined || duration >= q.minDuration,
    q.maxDuration === undefined || duration <= q.maxDuration,
    (q.application === undefined && q.text === undefined) ||
      session.activities.some((a) => isInside(a.at, session.login, until, S, E) && does(a, q)),
  ].every(Boolean);
}

function isNamed({ user, domain }: SearchedSession, name: string): boolean {
  const [first, ...rest] = name.split('\\');
  return rest.length === 0 ? user === name : domain === first && user === rest.join('\\');
}

function isInNetwork(address: string | null, network: { address: string; bits: number }): boolean {
  if (address === null) return false;
  const bits = (text: string) =>
    text
      .split('.')
      .map((n) => Number(n).toString(2).padStart(8, '0'))
      .join('')
      .slice(0, network.bits);
  return bits(address) === bits(network.address);
}

function isInside(at: number, login: number, until: number, S: number, E: number): boolean {
  return at >= login && at <= until && at >= S && at < E;
}

function does({ application, title, url }: SearchedActivity, q: Question): boolean {
  const part = q.text?.toLowerCase();
  const has = (text: string | null) => text !== null && text.toLowerCase().includes(part!);
  return (
    (q.application === undefined || application === q.application) && (part === undefined || has(title) || has(url))
  );
}

function clip({ login, activities }: SearchedSession, end: number | null, q: Question, now: number) {
  const S = q.from ?? -Infinity;
  const E = q.to ?? Infinity;
  const inside = activities.map(({ at }) => at).filter((at) => isInside(at, login, end ?? Infinity, S, E));
  const crossesEnd = end === null ? E <= now : end > E;
  return {
    loginDate: login >= S ? login : inside.length > 0 ? Math.min(...inside) : S,
    logoutDate: !crossesEnd ? end : inside.length > 0 ? Math.max(...inside) : E,
  };
}
