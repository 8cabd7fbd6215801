import { Inject, Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { type Counter, type Histogram, Metrics } from './metrics.js';

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
  private running = 0;

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
    metrics.gauge({ name: 'http_requests_in_progress', help: 'Requests that are being answered.' }, () => this.running);
  }

  readonly middleware = (req: Request, res: Response, next: NextFunction): void => {
    const started = performance.now();
    const { socket } = req;
    const sentBefore = socket.bytesWritten;
    this.running++;
    res.once('close', () => {
      this.running--;
      const action = req.call.route ?? 'none';
      const method = METHODS.includes(req.method) ? req.method : 'other';
      const labels = { action, method, status: String(res.statusCode) };
      this.durations.observe((performance.now() - started) / 1000, labels);
      this.rows.add(req.call.rows, { action });
      this.bytes.add(socket.bytesWritten - sentBefore, { action });
      this.aborted.add(res.writableFinished ? 0 : 1, { action });
    });
    next();
  };
}
