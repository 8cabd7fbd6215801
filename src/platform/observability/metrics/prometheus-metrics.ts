import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { VERSION } from '../../../config/version.js';
import {
  type Counter as OurCounter,
  type Histogram as OurHistogram,
  type InstrumentOptions,
  type LabelledValue,
  Metrics,
} from './metrics.js';
import { answerMetrics } from './worker-messages.js';

const PREFIX = 'session_audit_';
/** Seconds. A short window takes milliseconds, a download minutes. */
const BUCKETS = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120, 600];

/** Metrics in the text format of Prometheus, with those of the process and of Node. */
export class PrometheusMetrics extends Metrics {
  private readonly registry = new Registry();

  constructor() {
    super();
    collectDefaultMetrics({ register: this.registry });
    const info = { name: `${PREFIX}info`, help: 'The version that runs.', labelNames: ['version'] };
    new Gauge({ ...info, registers: [this.registry], aggregator: 'first' }).set({ version: VERSION }, 1);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  collect(): Promise<string> {
    return this.registry.metrics();
  }

  /** Answers the requests of the primary for the metrics of this worker. */
  handToPrimary(): void {
    answerMetrics(() => this.registry.getMetricsAsJSON());
  }

  counter(options: InstrumentOptions): OurCounter {
    const counter = new Counter(this.configuration(options));
    return { add: (count, labels = {}) => counter.inc(labels, count) };
  }

  histogram(options: InstrumentOptions): OurHistogram {
    const histogram = new Histogram({ ...this.configuration(options), buckets: BUCKETS });
    return { observe: (seconds, labels = {}) => histogram.observe(labels, seconds) };
  }

  gauge(options: InstrumentOptions, read: () => number | Iterable<LabelledValue>): void {
    new Gauge({
      ...this.configuration(options),
      aggregator: options.acrossWorkers ?? 'sum',
      collect() {
        const now = read();
        if (typeof now === 'number') return this.set(now);
        this.reset();
        for (const [labels, value] of now) this.set(labels, value);
      },
    });
  }

  private configuration({ name, help, labels = [] }: InstrumentOptions) {
    return { name: `${PREFIX}${name}`, help, labelNames: [...labels], registers: [this.registry] };
  }
}
