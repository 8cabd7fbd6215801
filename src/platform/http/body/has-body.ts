import type { IncomingMessage } from 'node:http';

/** Whether the headers announce a body (RFC 9112, section 6.3). An announced length of 0 is none. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
