import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';

/** Milliseconds over which refused calls are added up. */
const PERIOD_MS = 60_000;
/** Lines of one period. An attack from many addresses must not fill the disk with its log. */
const MAX_LINES = 100;

export interface RefusedCall {
  readonly status: number;
  /** Undefined when the connection is already gone. */
  readonly address: string | undefined;
  /** Prefix of the key, where one was accepted; a call that lacks a scope has one. */
  readonly caller: string | undefined;
}

/**
 * Counts refused calls (401 and 403) and logs the sums: a warning a minute for each status, address and key. A line for
 * each call would let anyone fill the log.
 */
@Injectable()
export class RefusedCalls implements OnApplicationShutdown {
  private readonly logger = new Logger(RefusedCalls.name);
  private readonly counts = new Map<string, number>();
  /** Calls of this period beyond MAX_LINES different ones. */
  private others = 0;
  private timer: NodeJS.Timeout | undefined;

  count({ status, address = 'an unknown address', caller }: RefusedCall): void {
    const line = `from ${address}${caller === undefined ? '' : ` with key ${caller}`} refused with ${status}`;
    const counted = this.counts.get(line);
    if (counted === undefined && this.counts.size === MAX_LINES) this.others++;
    else this.counts.set(line, (counted ?? 0) + 1);
    this.timer ??= setTimeout(() => this.flush(), PERIOD_MS).unref();
  }

  /** Writes what was counted since the last line. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const [line, count] of this.counts) this.logger.warn(`${calls(count)} ${line}`);
    if (this.others > 0) this.logger.warn(`${calls(this.others)} from further addresses refused`);
    this.counts.clear();
    this.others = 0;
  }

  onApplicationShutdown(): void {
    this.flush();
  }
}

function calls(count: number): string {
  return count === 1 ? '1 call' : `${count} calls`;
}
