import { Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { CallRecord } from '../../../platform/http/call.js';
import { answerProblem } from '../../../platform/http/problems/problem.filter.js';
import type { AuditLog } from '../chain/audit-log.js';
import type { AuditEntry } from '../chain/audit-record.js';
import type { AnonymousCalls } from './anonymous-calls.js';
import { type AnswerGate, AnswerLock } from './answer-lock.js';
import { CallEntry } from './call-entry.js';
import { type RecordEvent, type RecordState, isClosed, isReleased, nextState } from './record-state.js';

const logger = new Logger('Audit');

/** The audit record of one request. Its life cycle is in record-state.ts. */
export class RecordedCall implements CallRecord, AnswerGate {
  private state: RecordState = 'received';
  /** Resolves to the number of the record that the answer depends on; set with `requested`, `refusing` and `failed`. */
  private record: Promise<number> | null = null;
  private readonly entry: CallEntry;

  constructor(
    private readonly req: Request,
    private readonly res: Response,
    private readonly log: AuditLog,
    private readonly anonymous: AnonymousCalls,
  ) {
    this.entry = new CallEntry(req, res);
    new AnswerLock(res, this);
    req.call.recordWith(this);
    res.once('close', () => this.close());
  }

  async queue(): Promise<void> {
    if (!this.entry.isRecorded) return;
    if (isClosed(this.state)) throw new Error('The connection of the caller is closed.');
    if (this.state === 'received') this.enqueue('request', this.entry.request());
    if (this.state === 'failed') await this.record;
  }

  async durable(): Promise<void> {
    await this.queue();
    await this.record;
  }

  get released(): boolean {
    return !this.entry.isRecorded || isReleased(this.state);
  }

  get failed(): boolean {
    return this.state === 'failed';
  }

  /**
   * An error reveals nothing, so one record holds the whole call. The outcome of any other answer is not known yet. Without
   * a valid key there is nothing to reveal either, and the call may only be counted.
   */
  async admit(): Promise<void> {
    if (this.state === 'received' && this.isOnlyCounted(this.res.statusCode)) return this.move('sum');
    if (this.state === 'received' && this.res.statusCode >= 400) this.enqueue('refuse', this.entry.refused());
    await this.durable();
  }

  answerFailure(error: unknown): void {
    answerProblem(error, this.req, this.res, logger);
  }

  private enqueue(event: 'request' | 'refuse', entry: AuditEntry): void {
    try {
      this.record = this.log.queue(entry).durable;
    } catch (error) {
      this.record = Promise.reject(error as Error);
      this.record.catch(() => undefined);
      return this.move('failed');
    }
    this.move(event);
    this.record.then(
      () => this.move('written'),
      () => this.move('failed'),
    );
  }

  private isOnlyCounted(status: number | null): boolean {
    return this.req.call.caller === null && !this.anonymous.admit({ address: this.entry.address, status });
  }

  private move(event: RecordEvent): void {
    this.state = nextState(this.state, event);
  }

  private close(): void {
    if (!this.entry.isRecorded) return;
    const end = this.entry.end();
    if (this.state === 'received' && this.isOnlyCounted(null)) this.move('sum');
    this.move('close');
    if (this.state === 'abandoned') this.log.queueOutcome(this.entry.abandoned());
    if (this.state !== 'finished' && this.state !== 'leaving') return;
    // The `request` record may still be pending; without it there is no outcome.
    this.record!.then((seq) => this.log.queueOutcome(this.entry.outcome(end, seq))).catch(() => undefined);
  }
}
