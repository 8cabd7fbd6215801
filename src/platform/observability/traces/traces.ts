import type { RequestHandler } from 'express';

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface Span {
  set(attributes: SpanAttributes): void;
  /** @param error marks the span as failed */
  end(error?: unknown): void;
}

/** Token of `Traces | null`; null while no traces are exported. */
export const TRACES = Symbol('TRACES');

/** Traces of requests. */
export interface Traces {
  /** Begins the span of a request; what the request awaits can add spans to it. */
  readonly middleware: RequestHandler;
  /** @returns undefined outside of a traced request */
  child(name: string, attributes: SpanAttributes): Span | undefined;
  /** Exports what is left, within a few seconds. */
  close(): Promise<void>;
}
