import { Inject, Injectable } from '@nestjs/common';
import { type Snapshot, ReadSnapshots } from '../../../platform/database/snapshots/snapshots.js';
import { Clock } from '../../../platform/time/clock.js';
import { DirectoryService } from '../../directory/directory.service.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { Names } from '../names.js';
import { OVERLAP_LIMITS, OverlapReader, readPage } from './overlap-reader.js';
import type { Overlap } from './overlap-sweep.js';
import type { OverlapPosition, OverlapsQuestion } from './overlaps-question.js';
import type { OverlapResponse } from './overlaps.response.js';

export interface OverlapsPage {
  readonly items: readonly OverlapResponse[];
  /** Where the next page begins; null after the last overlap. */
  readonly next: OverlapPosition | null;
}

/** Finds the users who had sessions on several clients at the same time. */
@Injectable()
export class OverlapsService {
  constructor(
    @Inject(ReadSnapshots) private readonly snapshots: ReadSnapshots,
    @Inject(SessionsService) private readonly sessions: SessionsService,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** One page of at most `limit` overlaps; it may be shorter and still have a `next`. */
  async page(question: OverlapsQuestion, limit: number, signal: AbortSignal): Promise<OverlapsPage> {
    const snapshot = await this.snapshots.open(signal);
    try {
      const reader = this.reader(question, snapshot, limit);
      const { overlaps, next } = await readPage(reader, question, { limit, maxRows: OVERLAP_LIMITS.pageRows });
      return { items: await this.responses(overlaps, new Names(this.directory, snapshot)), next };
    } finally {
      await snapshot.release();
    }
  }

  /** All overlaps, in batches, from one snapshot. */
  async *stream(question: OverlapsQuestion, signal: AbortSignal): AsyncGenerator<OverlapResponse[]> {
    const snapshot = await this.snapshots.open(signal);
    try {
      const names = new Names(this.directory, snapshot);
      for await (const batch of this.reader(question, snapshot, Infinity).batches())
        if (batch.length > 0) yield await this.responses(batch, names);
    } finally {
      await snapshot.release();
    }
  }

  private reader(question: OverlapsQuestion, snapshot: Snapshot, wanted: number): OverlapReader {
    return new OverlapReader(question, this.sessions, snapshot, {
      wanted,
      nowMs: this.clock.nowMs(),
      limits: OVERLAP_LIMITS,
    });
  }

  private async responses(overlaps: readonly Overlap[], names: Names): Promise<OverlapResponse[]> {
    const users = await names.users(overlaps.map(({ userId }) => userId));
    const clientIds = new Set(overlaps.flatMap(({ sessions }) => sessions.map(({ clientId }) => clientId)));
    const clients = await names.clients(clientIds);
    const { zone } = this.sessions;
    const text = (ms: number) => (ms === Infinity ? null : zone.formatMs(ms));
    return overlaps.map(({ userId, startMs, endMs, sessions, sessionCount }) => ({
      ...{ user: users.get(userId)!, start: zone.formatMs(startMs), end: text(endMs!), sessionCount },
      sessions: sessions.map((session) => ({
        ...{ sessionId: session.id, client: clients.get(session.clientId)! },
        ...{ loginDate: zone.formatMs(session.loginMs), logoutDate: text(session.endMs) },
      })),
    }));
  }
}
