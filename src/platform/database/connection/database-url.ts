import { databaseTls, type DatabaseTls, type DatabaseTlsFiles, nameOfTlsFile, NO_TLS_FILES } from './database-tls.js';

/** Where the data is: an SQLite file, or a server. */
export type DatabaseAddress =
  | { readonly kind: 'sqlite'; readonly path: string }
  | {
      readonly kind: 'server';
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string;
      readonly database: string;
      /** Undefined: not encrypted. */
      readonly tls: DatabaseTls | undefined;
    };

/**
 * Reads `sqlite:<path>` or `mysql://user:password@host:port/db?ssl-mode=MODE`.
 *
 * @throws Error that says what is wrong and never repeats the URL, as it holds a password
 */
export function parseDatabaseUrl(url: string, files: DatabaseTlsFiles = NO_TLS_FILES): DatabaseAddress {
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length);
    if (path === '') throw new Error('DATABASE_URL: sqlite: must be followed by the path of a file');
    const tlsFile = nameOfTlsFile(files);
    if (tlsFile !== undefined) throw new Error(`${tlsFile} has no effect on SQLite`);
    return { kind: 'sqlite', path };
  }
  if (!/^(mysql|mariadb):\/\//.test(url)) {
    throw new Error('DATABASE_URL must be sqlite:<path> or mysql://user:password@host:port/database');
  }
  const parsed = parse(url);
  if (parsed.hash !== '')
    throw new Error('DATABASE_URL has a fragment; a # of the password must be percent-encoded (%23)');
  const database = decodeURIComponent(parsed.pathname.slice(1));
  if (database === '') throw new Error('DATABASE_URL names no database: mysql://user:password@host:port/database');
  return {
    kind: 'server',
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? 3306 : Number(parsed.port),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    database,
    tls: databaseTls(parsed, files),
  };
}

function parse(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw new Error('DATABASE_URL is not a valid URL; special characters of the password must be percent-encoded');
  }
}

/** Where the data is, without user and password: for logs. */
export function databaseName(url: string): string {
  const address = parseDatabaseUrl(url);
  return address.kind === 'sqlite' ? address.path : `${address.host}:${address.port}/${address.database}`;
}

/** The address with `***` instead of the password. */
export function withoutPassword(url: string): string {
  return url.replace(/^(\w+:\/\/[^:@/]*:).*@/, '$1***@');
}
