import type { Worker } from 'node:cluster';
import type { MetricObject } from 'prom-client';

/** After this time the metrics of a worker are left out: it ends, or does not answer. */
const ANSWER_MS = 1000;

interface Request {
  readonly metricsRequest: number;
}

interface Answer extends Request {
  readonly metrics: MetricObject[];
}

let requests = 0;

/** Asks a worker for its metrics, from the primary. @returns null when it does not answer in time */
export function metricsOf(worker: Worker): Promise<MetricObject[] | null> {
  return new Promise((resolve) => {
    const request: Request = { metricsRequest: ++requests };
    const end = (metrics: MetricObject[] | null) => {
      clearTimeout(timer);
      worker.off('message', answered).off('exit', ended);
      resolve(metrics);
    };
    const answered = (message: Partial<Answer>) => {
      if (message?.metricsRequest === request.metricsRequest) end(message.metrics ?? null);
    };
    const ended = () => end(null);
    const timer = setTimeout(ended, ANSWER_MS);
    worker.on('message', answered).on('exit', ended);
    // A worker that is ending may have closed its channel.
    worker.send(request, (error) => error && ended());
  });
}

/** Answers these requests, in a worker. */
export function answerMetrics(read: () => Promise<MetricObject[]>): void {
  process.on('message', (message: Partial<Request>) => {
    const { metricsRequest } = message ?? {};
    if (metricsRequest === undefined) return;
    void read().then((metrics) => process.send?.({ metricsRequest, metrics } satisfies Answer));
  });
}
