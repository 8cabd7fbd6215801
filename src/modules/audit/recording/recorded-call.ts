import { isIP } from 'node:net';
import type { AuditAction } from '../port/audited.js';
import { Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { answerProblem } from '../../../platform/http/problems/problem.filter.js';
import type { AuditLog } from '../chain/audit-log.js';
import type { AuditEntry, RecordKind } from '../chain/audit-record.js';
import { recordableFilter, recordableName, recordablePath } from './recordable-text.js';

const logger = new Logger('Audit');

/** Recorded even where no route is met: whoever asks here wants something that is protected. */
const PROTECTED_PATH = /^\/(ekranapi|api)(\/|$)/i;

type End = Pick<AuditEntry, 'status' | 'rows' | 'bytes' | 'durationMs' | 'cutShort'>;
const NO_END: End = { status: null, rows: null, bytes: null, durationMs: null, cutShort: null };

/**
 * The record of one request, and the lock on its answer: the head of a protected answer cannot leave before its record is
 * durable, whatever the handler does. An answer that is ended in one piece waits for it; one that is streamed without
 * having waited (`req.call.recorded()`) fails.
 */
export class RecordedCall {
  private readonly startedMs = performance.now();
  /** Read at once: a socket that is gone has none. */
  private readonly address: string | null;
  private readonly path: string;
  /** Its `request` record under way, once it was begun; resolves to its number. */
  private request: Promise<number> | null = null;
  private durable = false;
  private failed = false;
  /** A whole answer waits for its record. */
  private held = false;
  private closed = false;
  /** The problem that tells of a missing record is on its way: nothing protected is in it. */
  private telling = false;
  private bytes = 0;

  constructor(
    private readonly req: Request,
    private readonly res: Response,
    private readonly log: AuditLog,
  ) {
    this.address = normalAddress(req.ip) ?? normalAddress(req.socket.remoteAddress);
    this.path = req.path;
    req.call.recordWith({ queue: async () => void this.queue(), durable: () => this.begin() });
    this.lockAnswer();
    res.once('close', () => this.close());
  }

  /** Whether this call is one to record; the guard knows the route, and before it the path decides. */
  private get watched(): boolean {
    const { route } = this.req.call;
    return route === undefined ? PROTECTED_PATH.test(this.path) : route !== 'public';
  }

  private get locked(): boolean {
    return this.watched && !this.durable && !this.telling;
  }

  /** @throws ProblemError `audit-unavailable` */
  private async begin(): Promise<void> {
    const request = this.queue();
    if (request) await this.settle(request);
  }

  /** @throws ProblemError `audit-unavailable` when too many records are pending */
  private queue(): Promise<number> | null {
    if (!this.watched || this.request) return this.request;
    // A caller that left gets no answer, so the handler should stop here.
    if (this.closed) throw new Error('The caller went away.');
    try {
      this.request = this.log.queue(this.entry('request', NO_END)).durable;
    } catch (error) {
      this.failed = true;
      throw error;
    }
    return this.request;
  }

  private async settle(record: Promise<unknown>): Promise<void> {
    try {
      await record;
      this.durable = true;
    } catch (error) {
      this.failed = true;
      throw error;
    }
  }

  private lockAnswer(): void {
    const { res } = this;
    const end = res.end.bind(res) as (...args: unknown[]) => Response;
    const write = res.write.bind(res) as (...args: unknown[]) => boolean;
    const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => Response;
    res.writeHead = ((...args: unknown[]) => {
      // The head of every answer passes here, also the implicit one of a first write.
      if (this.locked) throw new Error('An answer was begun before its audit record.');
      return writeHead(...args);
    }) as Response['writeHead'];
    res.write = ((...args: unknown[]) => {
      const taken = write(...args);
      this.count(args);
      return taken;
    }) as Response['write'];
    res.end = ((...args: unknown[]) => {
      if (this.locked) return this.hold(() => end(...args), args);
      this.count(args);
      return end(...args);
    }) as Response['end'];
  }

  /** Lets a whole answer go when its record is durable; without one, 503 goes in its place. */
  private hold(end: () => void, args: readonly unknown[]): Response {
    if (this.held) return this.res;
    this.held = true;
    if (this.failed && this.res.statusCode === 503) {
      this.telling = true;
      end();
      return this.res;
    }
    void this.recordBefore()
      .then(() => {
        this.count(args);
        end();
      })
      .catch((error: unknown) => this.tellMissing(error));
    return this.res;
  }

  /** An error gives nothing away, so one record holds all of it; anything else has an outcome that is not known yet. */
  private recordBefore(): Promise<void> {
    if (this.request || this.res.statusCode < 400) return this.begin();
    return this.settle(
      this.log.append(this.entry('refused', { ...this.end(), bytes: null, rows: null, cutShort: null })),
    );
  }

  private tellMissing(error: unknown): void {
    this.telling = true;
    answerProblem(error, this.req, this.res, logger);
  }

  private close(): void {
    this.closed = true;
    if (!this.watched || this.failed) return;
    if (this.request) {
      const end = this.end();
      // A caller may leave while its record is under way.
      this.request
        .then((seq) => this.log.appendLater({ ...this.entry('outcome', end), requestSeq: seq }))
        .catch(() => {});
    } else if (!this.held) this.log.appendLater(this.entry('abandoned', { ...this.end(), status: null }));
  }

  private end(): End {
    const { req, res } = this;
    return {
      status: res.statusCode,
      rows: req.call.rows,
      bytes: this.bytes,
      durationMs: Math.round(performance.now() - this.startedMs),
      cutShort: !res.writableFinished,
    };
  }

  private entry(kind: RecordKind, end: End): AuditEntry {
    const { req } = this;
    const { caller, route, filter } = req.call;
    return {
      ...{ kind, requestSeq: null, requestId: recordableName(req.requestId), ...end },
      caller: caller && recordableName(caller.prefix),
      callerName: caller && recordableName(caller.name),
      address: this.address,
      action: route === undefined || route === 'public' ? null : (route as AuditAction),
      method: req.method.slice(0, 32),
      path: recordablePath(this.path),
      filter: recordableFilter(filter),
    };
  }

  private count([chunk, encoding]: readonly unknown[]): void {
    if (this.req.method === 'HEAD' || chunk === null || chunk === undefined || typeof chunk === 'function') return;
    this.bytes +=
      typeof chunk === 'string'
        ? Buffer.byteLength(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
        : (chunk as Uint8Array).byteLength;
  }
}

/** An IPv4 address that came over an IPv6 socket is written as IPv4. A trusted proxy may send any text; it is no address. */
function normalAddress(address: string | undefined): string | null {
  const plain = address?.replace(/^::ffff:(?=\d+\.)/i, '');
  return plain !== undefined && isIP(plain) !== 0 && plain.length <= 45 ? plain : null;
}
