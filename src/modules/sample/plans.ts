import {
  BACKUP,
  DATABASE_SERVER,
  FIELD_LAPTOP,
  ON_CALL,
  PEOPLE,
  type Person,
  SERVICE_ACCOUNT,
  TERMINAL_SERVER,
  type Work,
} from './organisation.js';
import { Random } from './random.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

type Period = readonly [from: number, to: number];

/** The plan of one session, independent of the current time. All instants are milliseconds since 1970. */
export interface Plan {
  readonly id: string;
  readonly machine: string;
  readonly user: string;
  readonly login: number;
  /** Null if there is never a logout. */
  readonly logout: number | null;
  /** Periods with activities; empty for a session without activities. */
  readonly busy: readonly Period[];
  /** Mean milliseconds between two activities. */
  readonly pace: number;
  readonly work: readonly Work[];
  /** Last sign of life of a session whose machine disappeared. */
  readonly heardUntil?: number;
  /** Seed of the activities, so each session has its own random stream. */
  readonly seed: number;
}

type Draft = Pick<Plan, 'machine' | 'user' | 'login' | 'logout' | 'work'> & Partial<Plan>;

/** The sessions that begin on one day. They depend only on the seed and the day. */
export function planDay(day: number, seed: number): Plan[] {
  const random = new Random(seed, day);
  const weekday = new Date(day * DAY_MS).getUTCDay();
  const weekend = weekday === 0 || weekday === 6;
  const drafts = PEOPLE.filter(() => random.chance(weekend ? 0.12 : 0.95)).flatMap((p) => personDay(p, day, random));
  return [...drafts, ...duty(day, random), ...backups(day, random)].map((draft, n) => finish(draft, day, n, random));
}

/** Sessions that span days: two long ones on the server, and one of a laptop that disappeared. */
export function planStanding(today: number, days: number, seed: number): Plan[] {
  const random = new Random(seed, today, days);
  const at = (daysAgo: number, hour: number) => (today - daysAgo) * DAY_MS + hour * HOUR_MS + random.whole(0, HOUR_MS);
  const nightly = Array.from({ length: days + 1 }, (_, ago): Period => [at(ago, 1), at(ago, 3)]).reverse();
  const service = { machine: DATABASE_SERVER, user: SERVICE_ACCOUNT, work: BACKUP };
  const admin = { machine: DATABASE_SERVER, user: ON_CALL[0], work: workOf(ON_CALL[0]) };
  const long = { login: at(6, 9), logout: at(2, 15) };
  const gone = { login: at(3, 13), heardUntil: at(3, 16) };
  const lost = { machine: FIELD_LAPTOP, user: 'jonas.lind', work: workOf('jonas.lind'), logout: null, ...gone };
  return [
    { ...service, login: at(days, 0), logout: null, busy: nightly, pace: 12 * MINUTE_MS },
    { ...admin, ...long, busy: [6, 5, 3, 2].map((ago): Period => [at(ago, 10), at(ago, 13)]), pace: 15 * MINUTE_MS },
    { ...lost, busy: [[gone.login, gone.heardUntil] as const] },
  ].map((draft, n) => finish(draft, today, 900 + n, random));
}

/** A working day: two or three sessions on the usual machine, sometimes one left open overnight, sometimes a remote one. */
function personDay(person: Person, day: number, random: Random): Draft[] {
  const around = (hour: number) => day * DAY_MS + hour * HOUR_MS + random.whole(-15 * MINUTE_MS, 15 * MINUTE_MS);
  const [from, to] = person.hours;
  const noon = Math.floor((from + to) / 2);
  const spans: Period[] = [[around(from), around(noon)]];
  if (random.chance(0.8)) {
    const pause = noon + 2;
    spans.push([around(noon + 0.75), around(pause)], [around(pause + 0.75), around(to)]);
  } else spans.push([around(noon + 0.75), around(to)]);
  const own = { machine: person.machine, user: person.name, work: person.work };
  const drafts: Draft[] = spans.map(([login, logout]) => ({ ...own, login, logout }));
  if (random.chance(0.12)) leaveOpen(drafts, around(30), random);
  if (random.chance(person.terminal / 10)) drafts.push(remote(person, around(random.whole(from + 1, to - 1)), random));
  return drafts;
}

/** The last session of the day stays open until the machine restarts the next morning, with some activity in between. */
function leaveOpen(drafts: Draft[], morning: number, random: Random): void {
  const last = drafts[drafts.length - 1]!;
  const look = morning - random.whole(20, 90) * MINUTE_MS;
  const busy: Period[] = [
    [last.login, last.logout!],
    [look, look + 10 * MINUTE_MS],
  ];
  drafts[drafts.length - 1] = { ...last, logout: morning, busy };
}

function remote(person: Person, login: number, random: Random): Draft {
  const logout = login + random.whole(5, 70) * MINUTE_MS;
  return { machine: TERMINAL_SERVER, user: person.name, work: person.work, login, logout, pace: 4 * MINUTE_MS };
}

/** A person is on duty at every hour: the two sessions of a day overlap with the adjacent shifts. */
function duty(day: number, random: Random): Draft[] {
  const around = (hour: number) => day * DAY_MS + hour * HOUR_MS + random.whole(-10 * MINUTE_MS, 10 * MINUTE_MS);
  const session = (user: string, from: number, to: number): Draft => {
    const login = around(from);
    const logout = around(to);
    return {
      machine: TERMINAL_SERVER,
      user,
      work: workOf(user),
      login,
      logout,
      busy: [[login, logout]],
      pace: 25 * MINUTE_MS,
    };
  };
  return [session(ON_CALL[day % 2]!, 6.5, 19.5), session(ON_CALL[(day + 1) % 2]!, 19, 31)];
}

function backups(day: number, random: Random): Draft[] {
  return [2, 8, 14, 22].map((hour) => {
    const login = day * DAY_MS + hour * HOUR_MS + random.whole(0, 2_000);
    const logout = login + random.whole(8, 40) * MINUTE_MS;
    return { machine: DATABASE_SERVER, user: SERVICE_ACCOUNT, work: BACKUP, login, logout, pace: 3 * MINUTE_MS };
  });
}

function finish(draft: Draft, day: number, n: number, random: Random): Plan {
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
  // Unused, or recorded by an agent that only sees logins and logouts.
  const silent = draft.busy === undefined && random.chance(0.06);
  const busy = draft.busy ?? (silent ? [] : [[draft.login, draft.logout!] as const]);
  const id = `${date}-${String(n).padStart(3, '0')}`;
  return { pace: 6 * MINUTE_MS, ...draft, id, busy, seed: random.bits() };
}

function workOf(user: string): readonly Work[] {
  return PEOPLE.find((person) => person.name === user)!.work;
}
