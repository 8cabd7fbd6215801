import { Inject, Injectable } from '@nestjs/common';
import { type Snapshot, ReadSnapshots } from '../../../../platform/database/snapshots/snapshots.js';
import { Clock } from '../../../../platform/time/clock.js';
import { SessionSearchService } from '../../search/session-search.service.js';
import { DensityReaderService } from './density-reader.service.js';
import { SessionStateRepository } from '../../state/session-state.repository.js';
import { DensityCache, cacheKey } from './density-cache.js';
import type { DensityAnswer, DensityQuestion } from './density-question.js';

/** Counts open sessions over a window, in the detail that a screen can show. */
@Injectable()
export class TimelineDensityService {
  private readonly cache = new DensityCache();

  constructor(
    @Inject(ReadSnapshots) private readonly snapshots: ReadSnapshots,
    @Inject(SessionSearchService) private readonly search: SessionSearchService,
    @Inject(DensityReaderService) private readonly reader: DensityReaderService,
    @Inject(SessionStateRepository) private readonly state: SessionStateRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async of(question: DensityQuestion, signal: AbortSignal): Promise<DensityAnswer> {
    const snapshot = await this.snapshots.open(signal);
    try {
      return await this.read(question, snapshot);
    } finally {
      await snapshot.release();
    }
  }

  private async read(question: DensityQuestion, snapshot: Snapshot): Promise<DensityAnswer> {
    const nowMs = this.clock.nowMs();
    const selection = await this.search.select(question.filter, question.rowScope, nowMs, snapshot);
    const key = cacheKey(question, selection);
    if (key === null) return this.reader.read(question, selection, snapshot);
    const position = await this.state.position(snapshot);
    const known = this.cache.get(key, position, nowMs);
    if (known) return known;
    const answer = await this.reader.read(question, selection, snapshot);
    const { lostBefore } = selection;
    const sign = lostBefore === null ? null : await this.state.earliestSign(snapshot, lostBefore);
    this.cache.set(key, answer, position, selection, sign);
    return answer;
  }
}
