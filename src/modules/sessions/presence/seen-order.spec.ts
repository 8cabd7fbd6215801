import fc from 'fast-check';
import { toInstantText } from '../../../platform/time/instant.js';
import type { PresencePlace } from './presence.js';
import { comparePlaces } from './presence.js';
import { type SeenTimes, bySeen } from './seen-order.js';
import { propertyRuns } from '../../../../test/support/property-runs.js';

/** Sessions of one user: login and last sign of life, as texts that sort in order of time. */
type Session = readonly [login: string, end: string];

const instant = fc.integer({ min: 1, max: 9 }).map((ms) => toInstantText(1000 + ms));
const aSession = fc.tuple(instant, instant).map(([a, b]): Session => (a < b ? [a, b] : [b, a]));
const users = fc.array(fc.array(aSession, { maxLength: 4 }), { maxLength: 12 });

function times(sessions: ReadonlyMap<number, readonly Session[]>): SeenTimes & { readonly asked: number[] } {
  const asked: number[] = [];
  const exactOf = (id: number) => [...sessions.get(id)!.map(([, end]) => end)].sort().at(-1) ?? '';
  const boundOf = (id: number) => {
    const last = [...sessions.get(id)!].sort().at(-1);
    return last ? last[1] : '';
  };
  return {
    asked,
    bounds: (ids) => Promise.resolve(new Map(ids.map((id) => [id, boundOf(id)]))),
    exact: (ids) => {
      asked.push(...ids);
      return Promise.resolve(new Map(ids.map((id) => [id, exactOf(id)])));
    },
    outlasting: (instant) => {
      const open = [...sessions].filter(([, of]) => of.some(([login, end]) => login < instant && end > instant));
      return Promise.resolve(new Map(open.map(([id]) => [id, exactOf(id)])));
    },
  };
}

async function listed(
  sessions: ReadonlyMap<number, readonly Session[]>,
  options: { order: 'asc' | 'desc'; after: PresencePlace | null; chunk: number },
): Promise<PresencePlace[]> {
  const places: PresencePlace[] = [];
  for await (const part of bySeen([...sessions.keys()], options, times(sessions))) places.push(...part);
  return places;
}

describe('bySeen', () => {
  it('lists every id by its exact time, for any size of chunks, from the start or after any place', async () => {
    await fc.assert(
      fc.asyncProperty(
        users,
        fc.constantFrom('asc', 'desc'),
        fc.integer({ min: 1, max: 5 }),
        async (all, order, chunk) => {
          const sessions = new Map(all.map((of, i) => [i + 1, of]));
          const expected = [...sessions]
            .map(([id, of]) => ({ key: [...of.map(([, end]) => end)].sort().at(-1) ?? '', id }))
            .sort((a, b) => comparePlaces(a, b, order));
          expect(await listed(sessions, { order, after: null, chunk })).toEqual(expected);
          for (const [i, after] of expected.entries())
            expect(await listed(sessions, { order, after, chunk })).toEqual(expected.slice(i + 1));
        },
      ),
      { numRuns: propertyRuns(500) },
    );
  });

  it.each(['asc', 'desc'] as const)('reads exact times of one chunk, also when all are equal (%s)', async (order) => {
    for (const distinct of [0, 1]) {
      const sessions = new Map(
        Array.from({ length: 100 }, (_, i) => [
          i + 1,
          [[toInstantText(1000), toInstantText(2000 + distinct * i)] as const],
        ]),
      );
      const source = times(sessions);
      const ids = Array.from({ length: 100 }, (_, i) => (order === 'asc' ? i + 1 : 100 - i));
      for await (const part of bySeen([...sessions.keys()], { order, after: null, chunk: 10 }, source)) {
        expect(part.map(({ id }) => id)).toEqual(ids.slice(0, 10));
        break;
      }
      expect(source.asked).toHaveLength(10);
    }
  });
});
