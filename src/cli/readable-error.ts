/** What the code of an error means to the person who started the program; `{}` is replaced by the code. */
const MEANINGS: readonly (readonly [codes: readonly string[], meaning: string])[] = [
  [
    [
      ...['EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'ETIMEDOUT'],
      ...['PROTOCOL_CONNECTION_LOST', 'PROTOCOL_SEQUENCE_TIMEOUT'],
    ],
    'The database cannot be reached ({}). Check the host and port of DATABASE_URL.',
  ],
  [
    ['ER_ACCESS_DENIED_ERROR', 'ER_DBACCESS_DENIED_ERROR', 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR'],
    'The database refused the user, password or database of DATABASE_URL ({}).',
  ],
  [['ER_BAD_DB_ERROR'], 'The database that DATABASE_URL names does not exist on its server.'],
  [['ER_CON_COUNT_ERROR', 'ER_TOO_MANY_USER_CONNECTIONS'], 'The database has too many connections ({}).'],
  [
    ['SQLITE_CANTOPEN', 'SQLITE_CANTOPEN_ISDIR', 'SQLITE_PERM', 'SQLITE_AUTH'],
    'The SQLite database cannot be opened ({}). Check the path of DATABASE_URL and the permissions of file and folder.',
  ],
  [
    ['SQLITE_READONLY', 'SQLITE_READONLY_DBMOVED', 'SQLITE_READONLY_DIRECTORY', 'SQLITE_READONLY_CANTINIT'],
    'The SQLite database cannot be written ({}). Check the permissions of file and folder.',
  ],
  [['SQLITE_NOTADB'], 'The file that DATABASE_URL names is not an SQLite database.'],
  [['SQLITE_BUSY'], 'Another process holds the SQLite database ({}).'],
];

interface SystemError {
  readonly code?: string;
  readonly message?: string;
  /** Of OpenSSL. */
  readonly reason?: string;
  readonly path?: string;
  readonly syscall?: string;
  /** TypeORM wraps the error of the driver. */
  readonly driverError?: SystemError;
}

/** A plain line for a person: no stack trace, and never a URL, which may hold a password. */
export function readableError(error: unknown): string {
  const { code, path, syscall, reason } = (error as SystemError).driverError ?? (error as SystemError);
  const meaning = MEANINGS.find(([codes]) => code !== undefined && codes.includes(code))?.[1];
  if (meaning !== undefined) return meaning.replace('{}', String(code));
  if (code?.startsWith('ERR_SSL_'))
    return `TLS failed: ${reason ?? code}. For the database, check DATABASE_CA_FILE, DATABASE_CERT_FILE and what its server trusts.`;
  if (syscall === 'mkdir') return `The folder ${path} cannot be created (${code}).`;
  return (error as Error).message || String(error);
}
