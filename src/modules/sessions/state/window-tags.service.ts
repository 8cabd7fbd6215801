import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AppConfig } from '../../../config/app-config.js';
import { VERSION } from '../../../config/version.js';
import { type Snapshot, ReadSnapshots } from '../../../platform/database/snapshots/snapshots.js';
import { Clock } from '../../../platform/time/clock.js';
import { toInstantText } from '../../../platform/time/instant.js';
import type { WindowQuestion, WindowRequest } from '../sessions.service.js';
import { SessionStateRepository } from './session-state.repository.js';

/**
 * Entity tags of windows (RFC 9110, section 8.8.3): two answers of one question with the same tag are the same. They depend
 * on the position of the change log, and on what time alone changes: which sessions are lost, and whether the window is past.
 */
@Injectable()
export class WindowTagsService {
  /** The earliest sign of life that was read last. */
  private known: { position: string; lostBefore: string; sign: string | null } | null = null;

  constructor(
    @Inject(ReadSnapshots) private readonly snapshots: ReadSnapshots,
    @Inject(SessionStateRepository) private readonly state: SessionStateRepository,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  /** The tag of the answer that would be given now. */
  async current(request: WindowRequest, signal: AbortSignal): Promise<string> {
    const nowMs = this.clock.nowMs();
    const snapshot = await this.snapshots.open(signal);
    try {
      return await this.of({ ...request, nowMs }, snapshot);
    } finally {
      await snapshot.release();
    }
  }

  /** The tag of the answer of a snapshot. Weak, because it is the same for every content coding. */
  async of({ window, rowScope, nowMs }: WindowQuestion, snapshot: Snapshot): Promise<string> {
    const { lostAfterMs, API_TIME_ZONE } = this.config;
    const position = await this.state.position(snapshot);
    const lostBefore = lostAfterMs === null ? null : toInstantText(Math.max(0, nowMs - lostAfterMs));
    const sign = lostBefore === null ? null : await this.earliestSign(snapshot, position, lostBefore);
    const isPast = window.end !== null && window.end <= toInstantText(nowMs);
    const parts = [window.start, window.end, rowScope, position, lostAfterMs, sign, isPast];
    const text = JSON.stringify([...parts, API_TIME_ZONE, VERSION]);
    return `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 32)}"`;
  }

  /** Read again when a session has changed, or when the session with that sign of life is lost by now. */
  private async earliestSign(snapshot: Snapshot, position: string, lostBefore: string): Promise<string | null> {
    const { known } = this;
    if (known?.position === position && known.lostBefore <= lostBefore)
      if (known.sign === null || known.sign >= lostBefore) return known.sign;
    const sign = await this.state.earliestSign(snapshot, lostBefore);
    this.known = { position, lostBefore, sign };
    return sign;
  }
}
