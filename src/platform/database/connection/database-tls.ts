import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

/** What is verified about a database server: nothing, its certificate, or also that the certificate is for its host. */
export interface DatabaseTls {
  readonly verify: 'nothing' | 'certificate' | 'identity';
  /** Trusted authorities, in PEM; without them those of Node. */
  readonly ca: string | undefined;
}

const PARAMETER = 'ssl-mode';
const MODES = 'DISABLED, REQUIRED, VERIFY_CA or VERIFY_IDENTITY';
const MAX_SHOWN = 40;

/**
 * Reads the parameter `ssl-mode` of a database URL, named as in the clients of MySQL. Anything else is refused, because a
 * parameter that is ignored leaves the connection unencrypted.
 *
 * @param caFile file of authorities in PEM; with one, the default is VERIFY_IDENTITY
 * @returns undefined without encryption
 * @throws Error that names the parameter or the file, and never repeats a value
 */
export function databaseTls({ searchParams, hostname }: URL, caFile: string): DatabaseTls | undefined {
  const mode = modeOf(searchParams) ?? (caFile === '' ? 'DISABLED' : 'VERIFY_IDENTITY');
  const verifies = mode === 'VERIFY_CA' || mode === 'VERIFY_IDENTITY';
  if (caFile !== '' && !verifies)
    throw new Error(`DATABASE_CA_FILE has no effect with ${PARAMETER}=${mode}; use VERIFY_CA or VERIFY_IDENTITY`);
  if (mode === 'DISABLED') return undefined;
  // The driver compares the certificate with the name `localhost` when the host is an address.
  if (mode === 'VERIFY_IDENTITY' && isIP(hostname.replace(/^\[|\]$/g, '')))
    throw new Error(
      'DATABASE_URL: VERIFY_IDENTITY needs the name of the host instead of its address; or use VERIFY_CA',
    );
  const ca = caFile === '' ? undefined : readAuthorities(caFile);
  return { ca, verify: mode === 'REQUIRED' ? 'nothing' : mode === 'VERIFY_CA' ? 'certificate' : 'identity' };
}

type Mode = 'DISABLED' | 'REQUIRED' | 'VERIFY_CA' | 'VERIFY_IDENTITY';

function modeOf(parameters: URLSearchParams): Mode | undefined {
  for (const name of parameters.keys())
    if (name !== PARAMETER)
      throw new Error(
        `DATABASE_URL: the parameter ${JSON.stringify(name.slice(0, MAX_SHOWN))} is not known; encryption is chosen by ${PARAMETER}=${MODES}`,
      );
  const [mode, ...others] = parameters.getAll(PARAMETER).map((value) => value.toUpperCase().replace('-', '_'));
  if (others.length > 0) throw new Error(`DATABASE_URL: ${PARAMETER} is given more than once`);
  if (mode === undefined || MODES.split(/, | or /).includes(mode)) return mode as Mode | undefined;
  const reason = mode === 'PREFERRED' ? '; PREFERRED may leave the connection unencrypted' : '';
  throw new Error(`DATABASE_URL: ${PARAMETER} must be ${MODES}${reason}`);
}

function readAuthorities(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`DATABASE_CA_FILE cannot be read (${(error as NodeJS.ErrnoException).code})`, { cause: error });
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new Error('DATABASE_CA_FILE has no certificate in PEM');
  return text;
}
