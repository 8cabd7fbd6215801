import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AppConfig } from '../../../config/app-config.js';
import { callerNetwork } from '../../../platform/net/caller-network.js';
import { Clock } from '../../../platform/time/clock.js';
import { toInstantText } from '../../../platform/time/instant.js';
import { AuditLog } from '../chain/audit-log.js';
import type { AuditEntry } from '../chain/audit-record.js';

/** Interval at which summaries are written. */
const PERIOD_MS = 60_000;
/** Addresses that are counted separately. Calls from further ones are summed up together. */
const MAX_ADDRESSES = 1000;

/** A call that is answered, or abandoned, without a valid key. */
export interface AnonymousCall {
  readonly address: string | null;
  /** Null if the caller disconnected before there was an answer. */
  readonly status: number | null;
}

interface Window {
  /** `performance.now()` at its end. */
  readonly ends: number;
  records: number;
}

interface Summary {
  readonly address: string | null;
  readonly network: string | null;
  readonly from: number;
  calls: number;
  readonly statuses: Map<string, number>;
}

/**
 * Bounds the records of calls without a valid key: from each address as many as it may fail authentications
 * (`AUTH_FAILURE_LIMIT`); further calls are counted, and each minute one `summary` record per address has their sums.
 */
@Injectable()
export class AnonymousCalls implements OnApplicationShutdown {
  private readonly windows = new Map<string, Window>();
  private readonly summaries = new Map<string, Summary>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly log: AuditLog,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  /** @returns whether the call gets its own record; otherwise it is part of a summary */
  admit(call: AnonymousCall): boolean {
    const { AUTH_FAILURE_LIMIT: limit } = this.config;
    if (limit === 'off') return true;
    const network = callerNetwork(call.address ?? '');
    const window = this.windowOf(network, limit.perMs);
    if (!window || window.records >= limit.calls) {
      this.sumUp(call, network);
      return false;
    }
    window.records++;
    return true;
  }

  /** Queues the summaries of what was counted since the last time. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const to = this.clock.nowMs();
    for (const summary of this.summaries.values()) this.log.queueOutcome(entryOf(summary, to));
    this.summaries.clear();
  }

  /** Runs before the last flush of the log, because the module lists this provider before it. */
  onApplicationShutdown(): void {
    this.flush();
  }

  /** Undefined when too many addresses have a window. Windows are in the order of their ends. */
  private windowOf(network: string, perMs: number): Window | undefined {
    const now = performance.now();
    for (const [key, { ends }] of this.windows) {
      if (ends > now) break;
      this.windows.delete(key);
    }
    const known = this.windows.get(network);
    if (known || this.windows.size >= MAX_ADDRESSES) return known;
    const window = { ends: now + perMs, records: 0 };
    this.windows.set(network, window);
    return window;
  }

  private sumUp({ address, status }: AnonymousCall, network: string): void {
    const own = this.summaries.has(network) || this.summaries.size < MAX_ADDRESSES;
    const key = own ? network : '';
    let summary = this.summaries.get(key);
    if (!summary) {
      const origin = own ? { address, network } : { address: null, network: null };
      summary = { ...origin, from: this.clock.nowMs(), calls: 0, statuses: new Map() };
      this.summaries.set(key, summary);
    }
    const name = status === null ? 'abandoned' : String(status);
    summary.calls++;
    summary.statuses.set(name, (summary.statuses.get(name) ?? 0) + 1);
    this.timer ??= setTimeout(() => this.flush(), PERIOD_MS).unref();
  }
}

function entryOf({ address, network, from, calls, statuses }: Summary, to: number): AuditEntry {
  const filter = {
    ...{ from: toInstantText(from), to: toInstantText(to), calls },
    ...(network === null || network === address ? {} : { network }),
    statuses: Object.fromEntries([...statuses].sort()),
  };
  return {
    ...{ kind: 'summary', requestSeq: null, requestId: null, caller: null, callerName: null, address, action: null },
    ...{ method: '*', path: '*', filter: JSON.stringify(filter), status: null, rows: null, bytes: null },
    ...{ durationMs: null, cutShort: null },
  };
}
