import { Inject, Injectable } from '@nestjs/common';
import { CheckpointsService } from '../../../checkpoints/checkpoints.service.js';
import type { ChangeFault } from '../change-fault.js';
import { ChangeVerificationService } from '../change-verification.service.js';
import type { SessionFilter } from '../stored-sessions.repository.js';
import { type VerificationPosition, formatPosition } from '../verification-position.js';
import type { ChangesVerdictResponse } from './dto/changes-verdict.response.js';

/** What a call verifies at most. Sessions with many activities take longer, hence the limit in time. */
export const ENTRIES_A_CALL = 100_000;
export const SESSIONS_A_CALL = 10_000;
const MAX_MS = 10_000;
/** Faults that an answer lists; all are counted. */
export const LISTED_FAULTS = 100;

/** Verifies the change log in parts, so that a call takes a few seconds. */
@Injectable()
export class ChangeVerdictService {
  constructor(
    @Inject(ChangeVerificationService) private readonly verification: ChangeVerificationService,
    @Inject(CheckpointsService) private readonly checkpoints: CheckpointsService,
  ) {}

  /** Uses the checkpoints in the database and the key of this process. */
  async part(
    position: VerificationPosition,
    filter: SessionFilter,
    signal: AbortSignal,
  ): Promise<ChangesVerdictResponse> {
    const trusted = { keys: [...this.checkpoints.publicKeys.values()], complete: false };
    const deadline = performance.now() + MAX_MS;
    const faults: ChangeFault[] = [];
    let [entries, sessions, older, faultCount] = [0, 0, 0, 0];
    let checkpoints = { matched: 0, verified: 0, unknownKeys: 0 };
    let next: VerificationPosition | null = position;
    for await (const step of this.verification.verify({ position, filter, trusted, notes: [], signal })) {
      faults.push(...step.faults.slice(0, LISTED_FAULTS - faults.length));
      faultCount += step.faults.length;
      entries += step.entries;
      sessions += step.sessions;
      older += step.older;
      if (step.phase === 'log') ({ checkpoints } = step);
      ({ next } = step);
      const isFull = entries / ENTRIES_A_CALL + sessions / SESSIONS_A_CALL >= 1;
      if (isFull || performance.now() > deadline) break;
    }
    const verdict = faultCount === 0 ? 'intact' : 'broken';
    const counts = { entries, sessions, older, faultCount };
    return { verdict, ...counts, faults, checkpoints, next: next && formatPosition(next) };
  }
}
