import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request } from 'express';
import type { AppConfig } from '../../config/app-config.js';

type Fields = Readonly<Record<string, string | number | boolean | null>>;

/**
 * One line for each request, when its answer has ended. It holds no value that a caller sent, except for a request id:
 * addresses and bodies can contain secrets, so the route stands for the address.
 */
export class RequestLog {
  constructor(
    private readonly format: string,
    private readonly write: (line: string) => void = (line) => process.stdout.write(line),
  ) {}

  /** To be called when the turn of a request has come. */
  watch(req: IncomingMessage, res: ServerResponse): void {
    const started = performance.now();
    const { socket } = req;
    const sentBefore = socket.bytesWritten;
    res.once('close', () => {
      const end = { durationMs: rounded(performance.now() - started), bytes: socket.bytesWritten - sentBefore };
      this.line(fieldsOf(req as Request, res, end));
    });
  }

  /** A request that was refused before its address was known. */
  malformed(status: number, address: string | undefined): void {
    this.line({ ...{ method: null, route: null, status }, address: address ?? null });
  }

  private line(fields: Fields): void {
    const timestamp = new Date().toISOString();
    const message = `${String(fields['method'] ?? 'malformed')} ${String(fields['route'] ?? '-')} ${String(fields['status'] ?? 'aborted')}`;
    this.write(
      this.format === 'json'
        ? `${JSON.stringify({ level: 'log', pid: process.pid, timestamp, context: 'Request', message, ...fields })}\n`
        : `[session-audit] ${process.pid}  - ${timestamp}     LOG [Request] ${message} ${asText(fields)}\n`,
    );
  }
}

/** @returns undefined when REQUEST_LOG is off */
export function openRequestLog({ REQUEST_LOG, LOG_FORMAT }: AppConfig): RequestLog | undefined {
  return REQUEST_LOG === 'on' ? new RequestLog(LOG_FORMAT) : undefined;
}

function fieldsOf(req: Request, res: ServerResponse, end: { durationMs: number; bytes: number }): Fields {
  // Undefined when the connection was lost before the first middleware.
  const call = req.call as Request['call'] | undefined;
  const pattern = (req.route as { path?: unknown } | undefined)?.path;
  return {
    requestId: req.requestId ?? null,
    method: req.method ?? null,
    route: typeof pattern === 'string' ? pattern : null,
    status: res.headersSent ? res.statusCode : null,
    ...end,
    rows: call?.rows ?? 0,
    key: call?.caller?.prefix ?? null,
    address: call?.address ?? null,
    ...(res.writableFinished ? {} : { aborted: true }),
    ...(call?.traceId === undefined ? {} : { traceId: call.traceId }),
  };
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

function asText({ method: _method, route: _route, status: _status, ...fields }: Fields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(' ');
}
