import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Snapshot } from '../../../platform/database/snapshots/snapshots.js';
import type { RowScope } from '../../../platform/http/caller.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { Clock } from '../../../platform/time/clock.js';
import type { SignedTree } from '../../changes/proofs/session-proofs.service.js';
import { type CommittedSession, CommittedSessionsService } from '../../sessions/changes/committed-sessions.service.js';
import { SessionSearchService } from '../../sessions/search/session-search.service.js';
import { type EvidenceSnapshot, EvidenceSnapshotsService } from './evidence-snapshots.service.js';
import {
  EVIDENCE_FORMAT,
  type EvidenceHead,
  type OmissionReason,
  type OmittedSession,
  type SessionEvidence,
} from './port/evidence.js';

const NO_FILTER = { window: { start: null, end: null }, isInstant: false };
/** Sessions of one step of a walk, and of one statement: each may have many activities. */
const WALK = 1000;
const BATCH = 20;

/** The conditions of a search for sessions. */
type SessionConditions = Parameters<SessionSearchService['select']>[0];

/** The sessions of a file: one, or those that fulfil conditions. */
export type EvidenceQuestion = { readonly sessionId: number } | { readonly filter: SessionConditions };

/** Sessions with the proof that they are what the change log recorded. */
@Injectable()
export class EvidenceService {
  private readonly logger = new Logger(EvidenceService.name);

  constructor(
    @Inject(EvidenceSnapshotsService) private readonly snapshots: EvidenceSnapshotsService,
    @Inject(CommittedSessionsService) private readonly sessions: CommittedSessionsService,
    @Inject(SessionSearchService) private readonly search: SessionSearchService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @throws ProblemError `not-found`; `conflict` and `unavailable` when the session cannot be proven yet */
  async one(id: number, rowScope: RowScope, signal: AbortSignal): Promise<EvidenceHead & SessionEvidence> {
    const found = await this.snapshots
      .covered(signal, (opened) => this.visible(id, rowScope, opened))
      .catch((error: Error) => {
        if (error instanceof ProblemError || signal.aborted) throw error;
        this.logger.error(`no evidence for session ${id}: ${error.message}`);
        const detail =
          'The change log cannot be signed or read; the log of the server says why. Verify the change log.';
        throw new ProblemError('unavailable', detail, { cause: error });
      });
    if (found) return found;
    const detail =
      'The newest version of the session is not in the change log yet. If this remains so, verify the log.';
    throw new ProblemError('unavailable', detail, { headers: { 'Retry-After': '1' } });
  }

  /** The head, and then the sessions, in the order of login, from one snapshot. Reads BATCH sessions at a time. */
  async *all(
    question: EvidenceQuestion,
    signal: AbortSignal,
  ): AsyncGenerator<readonly (EvidenceHead | SessionEvidence | OmittedSession)[]> {
    const { snapshot, tree } = await this.snapshots.latest(signal);
    try {
      yield [headOf(tree!)];
      for await (const ids of this.idsOf(question, snapshot)) {
        for (let from = 0; from < ids.length; from += BATCH)
          for (const session of await this.sessions.read(snapshot, ids.slice(from, from + BATCH)))
            yield [await evidenceOf(session, tree)];
      }
    } finally {
      await snapshot.release();
    }
  }

  private async *idsOf(question: EvidenceQuestion, snapshot: Snapshot): AsyncGenerator<readonly number[]> {
    if ('sessionId' in question) {
      await this.requireVisible(question.sessionId, null, snapshot);
      yield [question.sessionId];
      return;
    }
    const selection = await this.search.select(question.filter, null, this.clock.nowMs(), snapshot);
    for await (const { sessions } of this.search.walk({ snapshot, selection, order: 'asc' }).steps(null, WALK))
      yield sessions.map(({ id }) => id);
  }

  private async visible(
    id: number,
    rowScope: RowScope,
    { snapshot, tree }: EvidenceSnapshot,
  ): Promise<(EvidenceHead & SessionEvidence) | null> {
    await this.requireVisible(id, rowScope, snapshot);
    const [session] = await this.sessions.read(snapshot, [id]);
    if (session?.version === 0)
      throw new ProblemError(
        'conflict',
        'The session is older than the change log and not in it yet. Try again later.',
      );
    const evidence = session && (await evidenceOf(session, tree));
    return !evidence || 'omitted' in evidence ? null : { ...headOf(tree!), ...evidence };
  }

  /** A session that the caller may not see takes the same steps as one that does not exist. */
  private async requireVisible(id: number, rowScope: RowScope, snapshot: Snapshot): Promise<void> {
    const selection = await this.search.select(NO_FILTER, rowScope, this.clock.nowMs(), snapshot);
    if ((await this.search.one(id, selection, snapshot)) === null)
      throw new ProblemError('not-found', 'There is no session with this id.');
  }
}

function headOf({ note, keyId }: SignedTree): EvidenceHead {
  return { format: EVIDENCE_FORMAT, checkpoint: note, keyId };
}

async function evidenceOf(
  { sessionId, version, salt, text, activities }: CommittedSession,
  tree: SignedTree | null,
): Promise<SessionEvidence | OmittedSession> {
  const omit = (omitted: OmissionReason) => ({ sessionId, omitted });
  if (version === 0) return omit('not in the log');
  const entries = tree && salt && (await tree.entries(sessionId, version));
  if (!entries) return omit('not covered by the checkpoint');
  return {
    ...{ sessionId, version, session: JSON.parse(text) as SessionEvidence['session'], salt: salt.toString('hex') },
    activities: activities.map((added) => ({ version: added.version, items: JSON.parse(added.text) as unknown[][] })),
    entries,
  };
}
