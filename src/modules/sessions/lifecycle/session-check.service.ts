import { Inject, Injectable } from '@nestjs/common';
import { fromInstantText } from '../../../platform/time/instant.js';
import { Snapshots } from '../../../platform/database/snapshots/snapshots.js';
import { LIVE_UPPER, forkNode } from '../domain/interval-index.js';
import { type CheckedSession, SessionCheckRepository } from './session-check.repository.js';

const PAGE = 5000;

interface SessionFault {
  readonly sessionId: number;
  readonly detail: string;
}

export interface CheckProgress {
  /** Sessions read so far. */
  readonly checked: number;
  /** Id up to which they were read, and the largest one. */
  readonly upTo: number;
  readonly last: number;
  readonly faults: readonly SessionFault[];
}

/** Checks every session for columns that contradict one another. Changes nothing. */
@Injectable()
export class SessionCheckService {
  constructor(
    @Inject(Snapshots) private readonly snapshots: Snapshots,
    @Inject(SessionCheckRepository) private readonly sessions: SessionCheckRepository,
  ) {}

  /** Reads one snapshot, page by page; each result has the faults of its page. */
  async *check(signal: AbortSignal): AsyncGenerator<CheckProgress> {
    const snapshot = await this.snapshots.open(signal);
    try {
      const last = await this.sessions.lastId(snapshot);
      let checked = 0;
      for (let upTo = 0; upTo < last;) {
        const rows = await this.sessions.after(upTo, PAGE, snapshot);
        if (rows.length === 0) return;
        upTo = rows[rows.length - 1]!.id;
        checked += rows.length;
        yield { checked, upTo, last, faults: rows.flatMap((row) => [...faultsOf(row)]) };
      }
    } finally {
      await snapshot.release();
    }
  }
}

function* faultsOf(session: CheckedSession): Generator<SessionFault> {
  const { id: sessionId, node, login, logout, lastSeen, ended } = session;
  const second = (instant: string) => Math.floor(fromInstantText(instant) / 1000);
  const right = forkNode(second(login), ended === null ? LIVE_UPPER : second(ended));
  if (node !== right) yield { sessionId, detail: `has node ${node} in the interval index instead of ${right}` };
  if (logout !== null && logout < login)
    yield { sessionId, detail: `has its logout ${logout} before its login ${login}` };
  if (lastSeen < login) yield { sessionId, detail: `was last seen ${lastSeen}, before its login ${login}` };
  // Without a logout the end is null, or the last sign of life of a lost session.
  const ends = logout === null ? [null, lastSeen] : [logout];
  if (!ends.includes(ended))
    yield { sessionId, detail: `has the end ${ended ?? 'open'}, which does not follow from its row` };
}
