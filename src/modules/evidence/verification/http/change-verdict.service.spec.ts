import type { CheckpointsService } from '../../../checkpoints/checkpoints.service.js';
import type { ChangeVerificationService, VerificationStep } from '../change-verification.service.js';
import { VERIFICATION_START, type VerificationPosition } from '../verification-position.js';
import { ChangeVerdictService } from './change-verdict.service.js';

const checkpoints = { matched: 0, verified: 0, unknownKeys: 0 };
const rest = { done: 0, total: 0, faults: [], older: 0, checkpoints };

function step(next: VerificationPosition | null, entries: number, sessions: number): VerificationStep {
  return { ...rest, next, phase: entries > 0 ? 'log' : 'sessions', entries, sessions };
}

/** A verification of these steps. @returns also how many of them were taken */
function serviceOf(steps: readonly VerificationStep[]) {
  let taken = 0;
  async function* verify() {
    for (const each of steps) {
      taken++;
      yield await Promise.resolve(each);
    }
  }
  const service = new ChangeVerdictService(
    { verify } as unknown as ChangeVerificationService,
    { publicKeys: new Map() } as unknown as CheckpointsService,
  );
  const part = () => service.part(VERIFICATION_START, {}, new AbortController().signal);
  return { part, taken: () => taken };
}

describe('ChangeVerdictService', () => {
  it('stops after 100,000 entries', async () => {
    const steps = Array.from({ length: 50 }, (_, i) => step({ phase: 'log', after: (i + 1) * 4000 }, 4000, 0));
    const { part, taken } = serviceOf(steps);
    expect(await part()).toMatchObject({ entries: 100_000, sessions: 0, next: 'log:100000' });
    expect(taken()).toBe(25);
  });

  it('stops after 10,000 sessions', async () => {
    const steps = Array.from({ length: 50 }, (_, i) => step({ phase: 'sessions', after: (i + 1) * 500 }, 0, 500));
    expect(await serviceOf(steps).part()).toMatchObject({ sessions: 10_000, next: 'sessions:10000' });
  });

  it('counts entries and sessions of a call together', async () => {
    const sessions = Array.from({ length: 50 }, (_, i) => step({ phase: 'sessions', after: (i + 1) * 500 }, 0, 500));
    const { part } = serviceOf([step({ phase: 'sessions', after: 0 }, 50_000, 0), ...sessions]);
    expect(await part()).toMatchObject({ entries: 50_000, sessions: 5000, next: 'sessions:5000' });
  });

  it('has no next position at the end', async () => {
    expect(await serviceOf([step(null, 0, 3)]).part()).toMatchObject({ verdict: 'intact', sessions: 3, next: null });
  });
});
