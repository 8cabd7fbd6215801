import { commitment, sessionText } from '../../changes/port/commitments.js';
import type { PlannedSession, SessionRow } from './ingest-plan.js';
import { changeOf, saltSource, versioned } from './session-version.js';

const [LOGIN, SEEN, LATER] = ['2021-04-01 10:00:00.000', '2021-04-01 10:05:00.000', '2021-04-01 11:00:00.000'];
const SALT = Buffer.alloc(16, 7);
const FACTS = { loginAt: LOGIN, logoutAt: null, lastSeenAt: SEEN };

const row = (more: Partial<SessionRow> = {}): SessionRow => ({
  ...{ id: 124, userId: 1, ...FACTS, endedAt: null, origin: null, version: 4, salt: SALT },
  ...more,
});

const planned = (stored: SessionRow | undefined, more: Partial<PlannedSession> = {}): PlannedSession => ({
  ...{ key: 'm\ns', clientGuid: 'm', externalId: 's', userKey: 'ACME\nada', row: stored },
  ...{ facts: stored ?? FACTS, origin: null, seen: null, added: [], ...more },
});

const activity = { at: SEEN, fields: ['a'], json: '["a",null,null,null,null]', digest: 'ff' };

describe('the version of an ingested session', () => {
  const lost = row({ endedAt: SEEN });
  const ended = { ...FACTS, logoutAt: LATER };

  it.each([
    ['a new one', planned(undefined), null, 1, 'created'],
    ['a repeated record', planned(row()), null, 4, null],
    ['a later sign of life', planned(row(), { facts: { ...FACTS, lastSeenAt: LATER } }), null, 5, 'updated'],
    ['an activity within its time', planned(row(), { added: [activity] }), null, 5, 'updated'],
    ['a logout', planned(row(), { facts: ended }), LATER, 5, 'ended'],
    ['a logout of a lost one', planned(lost, { facts: ended }), LATER, 5, 'ended'],
    ['silence', planned(row()), SEEN, 5, 'lost'],
    ['a sign of life of a lost one', planned(lost, { facts: { ...FACTS, lastSeenAt: LATER } }), null, 5, 'reopened'],
    ['an old log of a lost one', planned(lost, { added: [activity] }), SEEN, 5, 'updated'],
    [
      'one that is older than the log',
      planned(row({ version: 0, salt: null }), { added: [activity] }),
      null,
      1,
      'created',
    ],
    ['a repeated record of an older one', planned(row({ version: 0, salt: null })), null, 0, null],
  ] as const)('%s', (_title, session, endedAt, version, kind) => {
    const result = versioned(session, endedAt, () => Buffer.alloc(16, 1));
    expect([result.version, result.kind]).toEqual([version, kind]);
    expect(result.salt).toEqual(session.row?.salt ?? Buffer.alloc(16, 1));
  });

  it('is recorded with a commitment to what will be stored', () => {
    const session = versioned(planned(row(), { facts: ended }), LATER, () => SALT);
    const content = {
      ...{ clientGuid: 'm', externalId: 's', userDomain: 'ACME', userName: 'ada', ...ended, endedAt: LATER },
      ...{ remoteAddress: null, remoteHost: null, logonType: null, terminal: null },
    };
    expect(changeOf(session, 'ended', { sessionId: 124, clientId: 9 })).toEqual({
      ...{ sessionId: 124, clientId: 9, version: 5, kind: 'ended', activities: 0, activitiesHash: null },
      sessionHash: commitment(SALT, sessionText(content)),
    });
  });

  it('gets a salt of its own', () => {
    const next = saltSource(3);
    const salts = [next(), next(), next()].map((salt) => salt.toString('hex'));
    expect([new Set(salts).size, salts[2]!.length]).toEqual([3, 32]);
  });
});
