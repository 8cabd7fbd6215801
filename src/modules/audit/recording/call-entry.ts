import type { Request, Response } from 'express';
import { isProtectedPath } from '../../../platform/http/protected-path.js';
import type { AuditEntry, RecordKind } from '../chain/audit-record.js';
import { AnswerBytes } from './answer-bytes.js';
import { recordableFilter, recordableName, recordablePath } from './recordable-text.js';

export type CallEnd = Pick<AuditEntry, 'status' | 'rows' | 'bytes' | 'durationMs' | 'cutShort'>;
const NO_END: CallEnd = { status: null, rows: null, bytes: null, durationMs: null, cutShort: null };

/** Builds the audit entries of one HTTP call. */
export class CallEntry {
  private readonly startedMs = performance.now();
  private readonly path: string;
  private readonly bytes: AnswerBytes;

  constructor(
    private readonly req: Request,
    private readonly res: Response,
  ) {
    this.path = req.path;
    this.bytes = new AnswerBytes(req, res);
  }

  /** Whether this call is recorded. The route decides, or the path when no route matched. */
  get isRecorded(): boolean {
    const { route } = this.req.call;
    return route === undefined ? isProtectedPath(this.path) : route !== 'public';
  }

  get address(): string | null {
    return this.req.call.address ?? null;
  }

  request(): AuditEntry {
    return this.entry('request', NO_END);
  }

  /** The whole of a call that is answered with an error and nothing else. */
  refused(): AuditEntry {
    const { status, durationMs } = this.end();
    return this.entry('refused', { ...NO_END, status, durationMs });
  }

  abandoned(): AuditEntry {
    return this.entry('abandoned', { ...this.end(), status: null });
  }

  outcome(end: CallEnd, requestSeq: number): AuditEntry {
    return { ...this.entry('outcome', end), requestSeq };
  }

  /** What is known now about the end of the call. */
  end(): CallEnd {
    return {
      status: this.res.statusCode,
      rows: this.req.call.rows,
      bytes: this.bytes.count,
      durationMs: Math.round(performance.now() - this.startedMs),
      cutShort: !this.res.writableFinished,
    };
  }

  private entry(kind: RecordKind, end: CallEnd): AuditEntry {
    const { req } = this;
    const { caller, route, filter } = req.call;
    return {
      ...{ kind, requestSeq: null, requestId: recordableName(req.requestId), ...end },
      caller: caller && recordableName(caller.prefix),
      callerName: caller && recordableName(caller.name),
      address: this.address,
      action: route === undefined || route === 'public' ? null : route,
      method: req.method.slice(0, 32),
      path: recordablePath(this.path),
      // Which sessions a caller could have read depends on its limits at that time.
      filter: recordableFilter(caller?.rowScope ? { ...filter, rowScope: caller.rowScope.join(' ') } : filter),
    };
  }
}
