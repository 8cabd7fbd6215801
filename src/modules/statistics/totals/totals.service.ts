import { Inject, Injectable } from '@nestjs/common';
import type { WindowQuestion } from '../../sessions/sessions.service.js';
import { ProductivityService } from '../productivity/productivity.service.js';
import { timeSpanMs } from '../time-span-text.js';
import { type UsageKind, UsageService } from '../usage/usage.service.js';
import { ActiveTotals } from './active-totals.js';
import type { ActiveTotalsResponse } from './totals.response.js';

export type TotalsKind = UsageKind | 'user';

/** Sums the active time of a window, so that its size does not depend on the number of sessions. */
@Injectable()
export class TotalsService {
  constructor(
    @Inject(UsageService) private readonly usage: UsageService,
    @Inject(ProductivityService) private readonly productivity: ProductivityService,
  ) {}

  async inWindow(
    kind: TotalsKind,
    question: Omit<WindowQuestion, 'nowMs'>,
    limit: number,
    signal: AbortSignal,
  ): Promise<ActiveTotalsResponse> {
    const totals = new ActiveTotals();
    if (kind === 'user') {
      for await (const hours of this.productivity.inWindow(question, signal))
        for (const { userName, date, totalMinutes } of hours)
          totals.add(userName, date.slice(0, 10), totalMinutes * 60_000);
    } else {
      for await (const hours of this.usage.inWindow(kind, question, signal))
        for (const { data, timeOfDay } of hours)
          for (const { key, duration } of data) totals.add(key, timeOfDay.slice(0, 10), timeSpanMs(duration));
    }
    return totals.take(limit);
  }
}
