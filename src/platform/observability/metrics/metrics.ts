type Labels = Readonly<Record<string, string>>;

export type LabelledValue = readonly [labels: Labels, value: number];

export interface InstrumentOptions {
  /**
   * In snake case with the unit last, and `_total` for counters (https://prometheus.io/docs/practices/naming/). The prefix
   * `session_audit_` is added.
   */
  readonly name: string;
  /** A sentence. */
  readonly help: string;
  readonly labels?: readonly string[];
  /** How a gauge of several worker processes becomes one; `sum` by default. */
  readonly acrossWorkers?: 'sum' | 'max';
}

export interface Counter {
  add(count: number, labels?: Labels): void;
}

export interface Histogram {
  /** @param seconds as Prometheus expects durations */
  observe(seconds: number, labels?: Labels): void;
}

/** Where features register what they measure, without knowing whether anybody collects it. */
export abstract class Metrics {
  abstract counter(options: InstrumentOptions): Counter;
  abstract histogram(options: InstrumentOptions): Histogram;
  /** @param read returns the present value, or one for each set of labels; it is called when metrics are collected */
  abstract gauge(options: InstrumentOptions, read: () => number | Iterable<LabelledValue>): void;
}

/** Measures nothing and costs nothing. */
export class NoMetrics extends Metrics {
  counter(): Counter {
    return { add: () => {} };
  }

  histogram(): Histogram {
    return { observe: () => {} };
  }

  gauge(): void {}
}
