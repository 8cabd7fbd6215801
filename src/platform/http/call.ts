import type { NextFunction, Request, Response } from 'express';
import type { Caller, RowScope } from './caller.js';
import { callerAddress } from './server/caller-address.js';

declare module 'express-serve-static-core' {
  interface Request {
    call: Call;
  }
}

/** The parameters of a call after parsing, not as they were sent. Instants are instant text. */
export type CallFilter = Readonly<Record<string, CallValue | readonly (string | number)[]>>;
type CallValue = string | number | null;

/** The audit record of one call. The audit module implements it. */
export interface CallRecord {
  /**
   * Adds the record to the queue of pending records, once for a call. Resolves when it is queued, not when it is durable.
   *
   * @throws ProblemError `audit-unavailable` when too many records are pending
   */
  queue(): Promise<void>;
  /**
   * Resolves when the record is durable; queues it first if that has not happened yet.
   *
   * @throws ProblemError `audit-unavailable` when the record cannot be written
   */
  durable(): Promise<void>;
}

const NOT_RECORDED: CallRecord = { queue: async () => {}, durable: async () => {} };

/**
 * What is known about one request. The guards set caller and route, the handler gives the filter, and the code that sends
 * the answer counts rows. The audit module reads all of it.
 */
export class Call {
  /** Null until a key or a token was accepted. */
  caller: Caller | null = null;
  /** The audit action that the route declares, or `public`; undefined until a route matched. */
  route: string | undefined;
  /** Set when the call is traced. */
  traceId: string | undefined;
  /** Elements of the answer that were handed to the socket. */
  rows = 0;
  private parsed: CallFilter = {};
  private record: CallRecord = NOT_RECORDED;

  /** @param address of the caller; read at the start of the call, because a closed socket has none */
  constructor(readonly address: string | undefined) {}

  get filter(): CallFilter {
    return this.parsed;
  }

  /** @throws Error on a route without authentication: a handler there must not read sessions */
  get rowScope(): RowScope {
    if (!this.caller) throw new Error('This route has no caller.');
    return this.caller.rowScope;
  }

  /** Connects the call with its audit record. Only the audit module calls this. */
  recordWith(record: CallRecord): void {
    this.record = record;
  }

  /** Sets the filter only: for a call that may be refused before `begin`, so that its record has these values. */
  describe(filter: CallFilter): void {
    this.parsed = filter;
  }

  /**
   * Sets the filter and queues the audit record, which is written while the handler works. A handler calls this as soon as
   * its parameters are parsed.
   *
   * @throws ProblemError `audit-unavailable` when too many records are pending
   */
  async begin(filter: CallFilter): Promise<void> {
    this.parsed = filter;
    await this.record.queue();
  }

  /**
   * Does what `begin` does for a call that changes something, and waits until its record is durable.
   *
   * @param values what is about to be changed, without secrets
   * @throws ProblemError `audit-unavailable`; nothing may be changed then
   */
  async beginChange(values: CallFilter): Promise<void> {
    await this.begin(values);
    await this.recorded();
  }

  /**
   * Resolves when the audit record is durable. No protected byte may leave, and nothing may be changed, before that.
   *
   * @throws ProblemError `audit-unavailable` when the record cannot be written
   */
  async recorded(): Promise<void> {
    await this.record.durable();
  }
}

export function newCall(req: Request, _res: Response, next: NextFunction): void {
  req.call = new Call(callerAddress(req));
  next();
}
