import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@nestjs/common';
import {
  type Context,
  DiagLogLevel,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Span as OtelSpan,
  type Tracer,
  defaultTextMapGetter,
  diag,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { NextFunction, Request, Response } from 'express';
import { VERSION } from '../../../config/version.js';
import type { Span, SpanAttributes, Traces } from './traces.js';

/** A collector that does not answer must not delay the end of the process. */
const CLOSE_MS = 3000;
/** Milliseconds between two messages about a collector that refuses spans or cannot be reached. */
const REPORT_EVERY_MS = 60_000;

/**
 * Traces in OTLP over HTTP (https://opentelemetry.io/docs/specs/otlp/). Names follow the semantic conventions for HTTP and
 * databases. A request continues the trace of its `traceparent` header (W3C Trace Context).
 */
export class OtlpTraces implements Traces {
  private readonly provider: BasicTracerProvider;
  private readonly tracer: Tracer;
  private readonly propagator = new W3CTraceContextPropagator();
  private readonly active = new AsyncLocalStorage<Context>();

  /** @param endpoint base address of the collector; `/v1/traces` is added */
  constructor(endpoint: string) {
    diag.setLogger(failureReports(), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
    const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
    const resource = resourceFromAttributes({ 'service.name': 'session-audit', 'service.version': VERSION });
    this.provider = new BasicTracerProvider({
      // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
      resource: resource.merge(detectResources({ detectors: [envDetector] })),
      spanProcessors: [new BatchSpanProcessor(exporter)],
    });
    this.tracer = this.provider.getTracer('session-audit', VERSION);
  }

  readonly middleware = (req: Request, res: Response, next: NextFunction): void => {
    const parent = this.propagator.extract(ROOT_CONTEXT, req.headers, defaultTextMapGetter);
    const attributes = { 'http.request.method': req.method, 'session_audit.request_id': req.requestId };
    const span = this.tracer.startSpan(req.method, { kind: SpanKind.SERVER, attributes }, parent);
    req.call.traceId = span.spanContext().traceId;
    res.once('close', () => endRequest(span, req, res));
    this.active.run(trace.setSpan(parent, span), next);
  };

  child(name: string, attributes: SpanAttributes): Span | undefined {
    const parent = this.active.getStore();
    if (!parent) return undefined;
    const span = this.tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent);
    return { set: (more) => void span.setAttributes(more), end: (error) => end(span, error) };
  }

  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise((resolve) => (timer = setTimeout(resolve, CLOSE_MS)));
    await Promise.race([this.provider.shutdown().catch(() => undefined), limit]);
    clearTimeout(timer);
  }
}

function endRequest(span: OtelSpan, req: Request, res: Response): void {
  const { path } = (req.route ?? {}) as { path?: unknown };
  if (typeof path === 'string') span.updateName(`${req.method} ${path}`).setAttribute('http.route', path);
  if (res.headersSent) span.setAttribute('http.response.status_code', res.statusCode);
  span.setAttribute('session_audit.rows', req.call.rows);
  if (!res.writableFinished) span.setAttribute('session_audit.aborted', true);
  // The fault of a caller is no error of the server.
  if (res.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** Only the class of an error: its message may contain values of a statement. */
function end(span: OtelSpan, error: unknown): void {
  if (error !== undefined) {
    span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

function failureReports() {
  const logger = new Logger('Traces');
  let reportedMs = -Infinity;
  const report = (message: string) => {
    if (performance.now() - reportedMs < REPORT_EVERY_MS) return;
    reportedMs = performance.now();
    logger.warn(`spans were not exported: ${message.slice(0, 500)}`);
  };
  const nothing = () => {};
  return { error: report, warn: report, info: nothing, debug: nothing, verbose: nothing };
}
