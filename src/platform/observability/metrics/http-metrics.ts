import { Inject, Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import type { Call } from '../../http/call.js';
import { type Counter, type Histogram, type LabelledValue, Metrics } from './metrics.js';

const LABELS = ['action', 'method', 'status'] as const;
/** Others are counted together: a caller can invent any method. */
const METHODS = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS'];

/** Measures every answer. The label `action` is that of the audit; paths would have no bound. */
@Injectable()
export class HttpMetrics {
  private readonly durations: Histogram;
  private readonly rows: Counter;
  private readonly bytes: Counter;
  private readonly aborted: Counter;
  private readonly running = new Set<Call>();

  constructor(@Inject(Metrics) metrics: Metrics) {
    this.durations = metrics.histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the request to the end of its answer.',
      labels: LABELS,
    });
    this.rows = metrics.counter({ name: 'http_response_rows_total', help: 'Elements sent.', labels: ['action'] });
    this.bytes = metrics.counter({ name: 'http_response_bytes_total', help: 'Bytes sent.', labels: ['action'] });
    this.aborted = metrics.counter({
      name: 'http_responses_aborted_total',
      help: 'Answers that ended before they were complete.',
      labels: ['action'],
    });
    const help = 'Requests that are being answered; windows are those of the action sessions.read.';
    metrics.gauge({ name: 'http_requests_in_progress', help, labels: ['action'] }, () => this.runningByAction());
  }

  readonly middleware = (req: Request, res: Response, next: NextFunction): void => {
    const started = performance.now();
    const { socket } = req;
    const sentBefore = socket.bytesWritten;
    const { call } = req;
    this.running.add(call);
    res.once('close', () => {
      this.running.delete(call);
      const action = actionOf(call);
      const method = METHODS.includes(req.method) ? req.method : 'other';
      const labels = { action, method, status: String(res.statusCode) };
      this.durations.observe((performance.now() - started) / 1000, labels);
      this.rows.add(call.rows, { action });
      this.bytes.add(socket.bytesWritten - sentBefore, { action });
      this.aborted.add(res.writableFinished ? 0 : 1, { action });
    });
    next();
  };

  private runningByAction(): Iterable<LabelledValue> {
    const counts = new Map<string, number>();
    for (const call of this.running) counts.set(actionOf(call), (counts.get(actionOf(call)) ?? 0) + 1);
    return [...counts].map(([action, count]) => [{ action }, count]);
  }
}

function actionOf({ route }: Call): string {
  return route ?? 'none';
}
