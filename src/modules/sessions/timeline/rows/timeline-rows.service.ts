import { Inject, Injectable } from '@nestjs/common';
import { ReadRouting } from '../../../../platform/database/replicas/read-routing.js';
import { ReadSnapshots } from '../../../../platform/database/snapshots/snapshots.js';
import { Clock } from '../../../../platform/time/clock.js';
import { DirectoryService } from '../../../directory/directory.service.js';
import { SessionSearchService } from '../../search/session-search.service.js';
import { TimelineReadersService } from './timeline-readers.service.js';
import type { Bars } from './row-bars.js';
import { RowList, type RowPageRequest } from './row-list.js';
import type { RowsQuestion } from './row-question.js';
import { type RowOwner, type RowPlace, rowSource } from './row-source.js';
import { RowSessions } from './row-sessions.js';

export interface TimelineRows {
  /** Milliseconds. */
  readonly bucketMs: number;
  readonly rows: readonly (RowOwner & Bars)[];
  readonly next: RowPlace | null;
  readonly total?: number;
}

/** Reads the rows of a timeline, each time from one snapshot. */
@Injectable()
export class TimelineRowsService {
  constructor(
    @Inject(ReadSnapshots) private readonly snapshots: ReadSnapshots,
    @Inject(SessionSearchService) private readonly search: SessionSearchService,
    @Inject(TimelineReadersService) private readonly readers: TimelineReadersService,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async page(question: RowsQuestion, request: RowPageRequest, signal: AbortSignal): Promise<TimelineRows> {
    // A page by its number must not be older than the one before.
    if (request.offset) ReadRouting.requireWriter();
    const snapshot = await this.snapshots.open(signal);
    try {
      const selection = await this.search.select(question.filter, question.rowScope, this.clock.nowMs(), snapshot);
      const readers = this.readers.readers(question, selection, snapshot);
      const only = await this.readers.owners(question, selection, snapshot);
      const list = new RowList(rowSource(question.kind, this.directory), snapshot, only);
      const page = question.withEmpty ? list.everybody(request) : list.present(request, readers.presence);
      const { owners, ...place } = await page;
      const sessions = new RowSessions(question, selection, readers);
      const bars = await sessions.of(owners.map(({ id }) => id));
      const rows = owners.map((owner) => ({ ...owner, ...bars.get(owner.id)!.result() }));
      return { bucketMs: sessions.bucketMs, rows, ...place };
    } finally {
      await snapshot.release();
    }
  }
}
