import fc from 'fast-check';
import type { Question, SearchedSession } from './search-model.js';

const HOUR = 3_600_000;
/** Around the clock change of Europe and, with their offsets, that of the other zones; seconds and milliseconds collide. */
const BASE = Date.UTC(2021, 2, 28, 0, 59, 58);
const STEPS = [0, 1, 999, 1000, 1001, 2000, 3000, 60_000, HOUR, HOUR + 1, 24 * HOUR, 14 * 24 * HOUR, 400 * 24 * HOUR];

export const NOW = BASE + 24 * HOUR;
export const LOST_AFTER = HOUR;

const CLIENTS = ['m0', 'm1', 'm2', 'm3', 'm4'];
/** Two machines share a name. */
const CLIENT_NAMES = ['alpha', 'beta', 'beta', 'Beta', 'delta '];
const USERS = [
  ...[
    { user: 'ada', domain: '' },
    { user: 'ada', domain: 'ACME' },
    { user: 'Ada', domain: 'ACME' },
  ],
  ...[
    { user: 'bob', domain: 'ACME' },
    { user: 'carl\\x', domain: '' },
  ],
];
const APPLICATIONS = ['editor', 'Editor', 'shell'];
const TITLES = ['Report 100%', 'report_x', 'Straße', 'nothing'];
const URLS = ['https://example.com/Report', 'https://example.com/a_b'];
const ADDRESSES = ['192.0.2.1', '192.0.2.200', '192.0.3.1', '10.0.0.1'];
const LOGON_TYPES = ['interactive', 'remoteInteractive', 'other'];

const instant = fc.constantFrom(...STEPS.map((step) => BASE + step));
const maybe = <T>(value: fc.Arbitrary<T>, freq = 3) => fc.option(value, { freq, nil: null });
const oneOf = <T>(values: readonly T[]) => fc.constantFrom(...values);

/** A session before it is stored, which gives it its ids. */
export type NewSession = Omit<SearchedSession, 'id' | 'userId' | 'externalId'>;

export const aSession: fc.Arbitrary<NewSession> = fc
  .record({
    place: fc.nat(CLIENTS.length - 1),
    who: oneOf(USERS),
    login: instant,
    length: maybe(oneOf([0, 1, 999, 1000, 1001, HOUR, 24 * HOUR, 500 * 24 * HOUR]), 2),
    lastSeen: maybe(instant),
    activities: fc.array(
      fc.record({
        at: instant,
        application: maybe(oneOf(APPLICATIONS)),
        title: maybe(oneOf(TITLES)),
        url: maybe(oneOf(URLS)),
      }),
      { maxLength: 3 },
    ),
    remoteAddress: maybe(oneOf(ADDRESSES)),
    logonType: maybe(oneOf(LOGON_TYPES)),
  })
  .map(({ place, who, length, lastSeen, ...rest }) => ({
    ...{ ...rest, ...who, client: CLIENTS[place]!, clientName: CLIENT_NAMES[place]! },
    logout: length === null ? null : rest.login + length,
    lastSeen: lastSeen === null ? null : Math.max(lastSeen, rest.login),
  }));

const some = <T>(values: readonly T[]) => fc.uniqueArray(oneOf(values), { minLength: 1, maxLength: 3 });
const rarely = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

const aWindow = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(instant, instant).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })) },
  { weight: 1, arbitrary: instant.map((from) => ({ from })) },
  { weight: 1, arbitrary: instant.map((to) => ({ to })) },
  { weight: 2, arbitrary: instant.map((activeAt) => ({ activeAt })) },
  { weight: 1, arbitrary: fc.constant({}) },
);

/** @param activities whether activities may be asked for */
export const aQuestion = (userIds: readonly number[], activities: boolean): fc.Arbitrary<Question> =>
  fc
    .record({
      window: aWindow,
      client: rarely(some([...CLIENTS, 'none'])),
      clientName: rarely(some([...CLIENT_NAMES, 'none'])),
      user: rarely(some(['ada', 'ACME\\ada', '\\ada', 'bob', '\\carl\\x', 'none', 'acme\\ada'])),
      userId: rarely(some([...userIds, 2 ** 31 - 1])),
      state: rarely(some(['live', 'ended', 'lost'])),
      logonType: rarely(some(LOGON_TYPES)),
      remoteAddress: rarely(fc.record({ address: oneOf(ADDRESSES), bits: oneOf([32, 24, 23, 8, 0]) })),
      minDuration: rarely(oneOf([0, 1, 999, 1000, HOUR, 24 * HOUR])),
      maxDuration: rarely(oneOf([0, 1, 1000, 1001, HOUR, 500 * 24 * HOUR])),
      application: rarely(oneOf([...APPLICATIONS, 'none'])),
      text: rarely(oneOf(['report', 'REPORT', '0%', 't_x', 'a_b', 'straße', 'STRASSE', 'zzz'])),
      order: oneOf(['asc', 'desc'] as const),
    })
    .map(({ window, ...filter }) => {
      const q: Question = { ...window, ...given(filter) };
      const isBounded = q.from !== undefined || q.to !== undefined;
      const { application, text, ...rest } = q;
      return isBounded && activities ? { ...rest, ...given({ application, text }) } : rest;
    })
    .filter(({ minDuration = 0, maxDuration = Infinity }) => minDuration <= maxDuration);

function given<T extends object>(values: T): Partial<{ [K in keyof T]: Exclude<T[K], undefined> }> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
