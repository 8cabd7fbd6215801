import { readFileSync } from 'node:fs';
import { type IncomingMessage, type Server, type ServerOptions, type ServerResponse, createServer } from 'node:http';
import { Server as TlsServer, createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
// Its index also loads multer, for uploads.
import { ExpressAdapter } from '@nestjs/platform-express/adapters/express-adapter.js';
import type { Express, Request, RequestHandler, Response } from 'express';
import { ProblemError, problemBody } from '../problems/problem.js';
import type { AppConfig } from '../../../config/app-config.js';
import { ConfigError } from '../../../config/config-error.js';
import type { RequestLog } from '../../observability/request-log.js';
import { limitConnections } from './connection-limits.js';
import { handleInOrder } from './requests-in-order.js';
import { answerUnroutable } from './unroutable.js';
import { closeUnread, limitReading } from './unread-answers.js';
import { limitUnsentBody } from './unsent-body.js';

/** Maximum size of URL and headers together. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Interval at which Node checks for expired connections. Its default of 30 s is longer than some of the time limits. */
const CHECK_EVERY_MS = 1000;
const CLOSE_IDLE_EVERY_MS = 50;

/** Express on a Node server with limits on time and size, and with TLS if a certificate is configured. */
export class LimitedExpressAdapter extends ExpressAdapter {
  private readonly tls: ReturnType<typeof tlsSettings> | null;
  private readonly unmatched: RequestHandler[] = [];

  /** @throws ConfigError when the certificate or its key cannot be read */
  constructor(
    private readonly config: AppConfig,
    private readonly requestLog?: RequestLog,
  ) {
    super();
    this.tls = usesTls(config) ? tlsSettings(config) : null;
  }

  override initHttpServer(): void {
    const limits = serverLimits(this.config);
    const server: Server = this.tls
      ? createTlsServer({ ...limits, ...this.tls, handshakeTimeout: limits.headersTimeout })
      : createServer(limits);
    answerMalformed(server, this.requestLog);
    limitConnections(server, this.config);
    closeUnread(server, this.config.STALL_TIMEOUT);
    handleInOrder(server, this.handler());
    this.httpServer = server;
  }

  private handler(): (req: IncomingMessage, res: ServerResponse) => void {
    const express = this.getInstance<Express>();
    const { STALL_TIMEOUT } = this.config;
    return (req, res) => {
      this.requestLog?.watch(req, res);
      limitReading(res, STALL_TIMEOUT);
      limitUnsentBody(req, res);
      express(req as Request, res as Response, () => answerUnroutable(req as Request, res as Response));
    };
  }

  /** @param handler runs for requests that no route matches, before they are answered; to be called before `app.init` */
  beforeNotFound(handler: RequestHandler): void {
    this.unmatched.push(handler);
  }

  /** Nest calls this after all routes. */
  override setNotFoundHandler(...args: Parameters<ExpressAdapter['setNotFoundHandler']>): void {
    for (const handler of this.unmatched) this.use(handler);
    super.setNotFoundHandler(...args);
  }

  /**
   * Node closes only the connections that are idle now. One whose answer ends later would stay open for its next request. After
   * SHUTDOWN_TIMEOUT all are closed: an answer that is cut short never parses.
   */
  override async close(): Promise<void> {
    const server = this.httpServer as Server;
    const idle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
    const limit = setTimeout(() => server.closeAllConnections(), this.config.SHUTDOWN_TIMEOUT);
    try {
      await super.close();
    } finally {
      clearInterval(idle);
      clearTimeout(limit);
    }
  }
}

export function usesTls(config: AppConfig): boolean {
  return config.TLS_CERT_FILE !== '';
}

/** Reads the certificate and its key again for new connections. @throws ConfigError; the old certificate stays in use */
export function reloadTls(server: unknown, config: AppConfig): void {
  if (server instanceof TlsServer) server.setSecureContext(tlsSettings(config));
}

/** Time limits for connections that send nothing or send too slowly (slowloris). */
function serverLimits({ HEADERS_TIMEOUT, REQUEST_TIMEOUT, KEEP_ALIVE_TIMEOUT }: AppConfig): ServerOptions {
  return {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: Math.min(HEADERS_TIMEOUT, REQUEST_TIMEOUT),
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    // Node would answer without a body; see `refuseMissingHost`.
    requireHostHeader: false,
  };
}

function tlsSettings({ TLS_CERT_FILE, TLS_KEY_FILE }: AppConfig) {
  const settings = {
    cert: contentOf('TLS_CERT_FILE', TLS_CERT_FILE),
    key: contentOf('TLS_KEY_FILE', TLS_KEY_FILE),
    minVersion: 'TLSv1.2' as const,
  };
  try {
    createSecureContext(settings);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError([`TLS_CERT_FILE and TLS_KEY_FILE are not a certificate and its key in PEM (${code})`]);
  }
  return settings;
}

function contentOf(variable: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError([`the file of ${variable} cannot be read (${code})`]);
  }
}

const MALFORMED: Record<string, [problem: ProblemError, reason: string]> = {
  HPE_HEADER_OVERFLOW: [
    new ProblemError('headers-too-large', 'The address and headers together are too large.'),
    'Request Header Fields Too Large',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    new ProblemError('request-timeout', 'The request did not arrive within the time limit.'),
    'Request Timeout',
  ],
};
const NOT_HTTP: (typeof MALFORMED)[string] = [
  new ProblemError('invalid-request', 'The request is not valid HTTP.'),
  'Bad Request',
];

/** Sends a problem for what Node refuses before Express sees a request: bad HTTP, too large, or too slow. */
function answerMalformed(server: Server, requestLog: RequestLog | undefined): void {
  server.on('clientError', (error: Error & { code?: string }, socket: AnsweringSocket) => {
    // A client would take a second response for a part of the first one.
    const answering = socket._httpMessage?.headersSent === true;
    if (error.code === 'ECONNRESET' || !socket.writable || answering) return socket.destroy();
    const [problem, reason] = MALFORMED[error.code ?? ''] ?? NOT_HTTP;
    const body = JSON.stringify(problemBody(problem, '', ''));
    const head = `HTTP/1.1 ${problem.status} ${reason}\r\nConnection: close\r\nContent-Type: application/problem+json`;
    requestLog?.malformed(problem.status, socket.remoteAddress);
    socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  });
}

/** Node stores the current response here, and checks it in the same way when no error listener is registered. */
type AnsweringSocket = Socket & { _httpMessage?: { headersSent: boolean } | null };
