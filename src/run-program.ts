/** A plain line for a person, and a non-zero exit: no stack trace, and never a URL, which may hold a password. */
export function reportAndExit(error: unknown): never {
  process.stderr.write(`${plain(error)}\n`);
  process.exit(1);
}

function plain(error: unknown): string {
  const { code, message, driverError } = error as { code?: string; message?: string; driverError?: { code?: string } };
  const cause = driverError?.code ?? code;
  if (cause === 'ECONNREFUSED' || cause === 'ENOTFOUND' || cause === 'ETIMEDOUT')
    return `The database cannot be reached (${cause}).`;
  if (cause === 'EADDRINUSE') return 'The port is in use already; set PORT to another one.';
  if (cause === 'ER_ACCESS_DENIED_ERROR') return 'The database refused the user or password of DATABASE_URL.';
  return message || String(error);
}
