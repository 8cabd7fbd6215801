import { isIP } from 'node:net';
import type { Request, Response } from 'express';
import type { AuditEntry, RecordKind } from '../chain/audit-record.js';
import { AnswerBytes } from './answer-bytes.js';
import { recordableFilter, recordableName, recordablePath } from './recordable-text.js';

/** A request for one of these paths is recorded even when no route matched. */
const PROTECTED_PATH = /^\/(ekranapi|api)(\/|$)/i;

export type CallEnd = Pick<AuditEntry, 'status' | 'rows' | 'bytes' | 'durationMs' | 'cutShort'>;
const NO_END: CallEnd = { status: null, rows: null, bytes: null, durationMs: null, cutShort: null };

/** Builds the audit entries of one HTTP call. */
export class CallEntry {
  private readonly startedMs = performance.now();
  /** Read at once: a socket that is closed has no address. */
  private readonly address: string | null;
  private readonly path: string;
  private readonly bytes: AnswerBytes;

  constructor(
    private readonly req: Request,
    private readonly res: Response,
  ) {
    this.address = normalAddress(req.ip) ?? normalAddress(req.socket.remoteAddress);
    this.path = req.path;
    this.bytes = new AnswerBytes(req, res);
  }

  /** Whether this call is recorded. The route decides, or the path when no route matched. */
  get isRecorded(): boolean {
    const { route } = this.req.call;
    return route === undefined ? PROTECTED_PATH.test(this.path) : route !== 'public';
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
      filter: recordableFilter(filter),
    };
  }
}

/** Writes an IPv4 address from an IPv6 socket as IPv4. A trusted proxy may send any text; null if it is not an address. */
function normalAddress(address: string | undefined): string | null {
  const plain = address?.replace(/^::ffff:(?=\d+\.)/i, '');
  return plain !== undefined && isIP(plain) !== 0 && plain.length <= 45 ? plain : null;
}
