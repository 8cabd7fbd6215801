import type { ConnectionOptions, SslOptions } from 'mysql2';
import type { DatabaseAddress } from './database-url.js';
import type { DatabaseTls } from './database-tls.js';
import { ANSWER_MS } from './silence.js';

export type ServerAddress = Extract<DatabaseAddress, { kind: 'server' }>;

/** How every connection to a server is opened. With TLS, the driver refuses a server without it. */
export function serverAccess({ host, port, user, password, database, tls }: ServerAddress) {
  const access = { host, port, user, password, database, connectTimeout: ANSWER_MS };
  return (tls ? { ...access, ssl: sslOptions(tls) } : access) satisfies ConnectionOptions;
}

function sslOptions({ verify, ca, client }: DatabaseTls): SslOptions {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...client,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: verify !== 'nothing',
    verifyIdentity: verify === 'identity',
  };
}
