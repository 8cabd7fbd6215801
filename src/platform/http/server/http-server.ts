import { readFileSync } from 'node:fs';
import { type Server, type ServerOptions, createServer } from 'node:http';
import { Server as TlsServer, createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { ExpressAdapter } from '@nestjs/platform-express';
import { ProblemError, problemBody } from '../problems/problem.js';
import type { AppConfig } from '../../../config/app-config.js';
import { ConfigError } from '../../../config/config-error.js';

/** Address and headers together; a long query of a report fits many times over. */
const MAX_HEADER_BYTES = 16 * 1024;
/** How often Node looks for connections that are over their time: 30 s by default, longer than the times themselves. */
const CHECK_EVERY_MS = 1000;
const CLOSE_IDLE_EVERY_MS = 50;

/** Express on a server of Node whose times and sizes are limited, with TLS when a certificate is configured. */
export class LimitedExpressAdapter extends ExpressAdapter {
  private readonly tls: ReturnType<typeof tlsSettings> | null;

  /** @throws ConfigError when the certificate or its key cannot be read */
  constructor(private readonly config: AppConfig) {
    super();
    this.tls = usesTls(config) ? tlsSettings(config) : null;
  }

  override initHttpServer(): void {
    const handler = this.getInstance();
    const limits = serverLimits(this.config);
    const server: Server = this.tls
      ? createTlsServer({ ...limits, ...this.tls, handshakeTimeout: limits.headersTimeout }, handler)
      : createServer(limits, handler);
    answerMalformed(server);
    this.httpServer = server;
  }

  /** Node closes the connections that are idle now; one whose answer ends later would wait for its next request. */
  override async close(): Promise<void> {
    const timer = setInterval(() => (this.httpServer as Server).closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
    try {
      await super.close();
    } finally {
      clearInterval(timer);
    }
  }
}

export function usesTls(config: AppConfig): boolean {
  return config.TLS_CERT_FILE !== '';
}

/** Reads the certificate and its key again; new connections get them. @throws ConfigError, and the old ones stay */
export function reloadTls(server: unknown, config: AppConfig): void {
  if (server instanceof TlsServer) server.setSecureContext(tlsSettings(config));
}

/** A connection that sends nothing, or too slowly, holds a socket no longer than this (slowloris). */
function serverLimits({ HEADERS_TIMEOUT, REQUEST_TIMEOUT, KEEP_ALIVE_TIMEOUT }: AppConfig): ServerOptions {
  return {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: Math.min(HEADERS_TIMEOUT, REQUEST_TIMEOUT),
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
    connectionsCheckingInterval: CHECK_EVERY_MS,
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
    new ProblemError('request-timeout', 'The request did not arrive in the time that there is for one.'),
    'Request Timeout',
  ],
};
const NOT_HTTP: (typeof MALFORMED)[string] = [
  new ProblemError('invalid-request', 'The request is not valid HTTP.'),
  'Bad Request',
];

/** What Node refuses before there is a request (bad HTTP, too large, too slow) still gets a problem. */
function answerMalformed(server: Server): void {
  server.on('clientError', (error: Error & { code?: string }, socket: AnsweringSocket) => {
    // In the middle of an answer another one would be taken for a part of it.
    const answering = socket._httpMessage?.headersSent === true;
    if (error.code === 'ECONNRESET' || !socket.writable || answering) return socket.destroy();
    const [problem, reason] = MALFORMED[error.code ?? ''] ?? NOT_HTTP;
    const body = JSON.stringify(problemBody(problem, '', ''));
    const head = `HTTP/1.1 ${problem.status} ${reason}\r\nConnection: close\r\nContent-Type: application/problem+json`;
    socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  });
}

/** Node keeps the answer under way here, and looks at it in the same way when nobody listens for the error. */
type AnsweringSocket = Socket & { _httpMessage?: { headersSent: boolean } | null };
