import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

/** What is verified about a database server: nothing, its certificate, or also that the certificate is for its host. */
export interface DatabaseTls {
  readonly verify: 'nothing' | 'certificate' | 'identity';
  /** Trusted authorities, in PEM; without them those of Node. */
  readonly ca: string | undefined;
  /** What the server verifies about this client, in PEM. */
  readonly client: { readonly cert: string; readonly key: string } | undefined;
}

/** Values of DATABASE_CA_FILE, DATABASE_CERT_FILE and DATABASE_KEY_FILE; empty = none. */
export interface DatabaseTlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export const NO_TLS_FILES: DatabaseTlsFiles = { ca: '', cert: '', key: '' };

interface TlsSettings {
  readonly DATABASE_CA_FILE: string;
  readonly DATABASE_CERT_FILE: string;
  readonly DATABASE_KEY_FILE: string;
}

export function tlsFilesOf(config: TlsSettings): DatabaseTlsFiles {
  return { ca: config.DATABASE_CA_FILE, cert: config.DATABASE_CERT_FILE, key: config.DATABASE_KEY_FILE };
}

const PARAMETER = 'ssl-mode';
const MODES = 'DISABLED, REQUIRED, VERIFY_CA or VERIFY_IDENTITY';
const MAX_SHOWN = 40;

/**
 * Reads the parameter `ssl-mode` of a database URL, named as in the clients of MySQL. Anything else is refused, because a
 * parameter that is ignored leaves the connection unencrypted.
 *
 * @param files of authorities and of a client certificate; with any of them, the default is VERIFY_IDENTITY
 * @returns undefined without encryption
 * @throws Error that names the parameter or the file, and never repeats a value
 */
export function databaseTls({ searchParams, hostname }: URL, files: DatabaseTlsFiles): DatabaseTls | undefined {
  const mode = modeOf(searchParams) ?? (nameOfTlsFile(files) === undefined ? 'DISABLED' : 'VERIFY_IDENTITY');
  const verifies = mode === 'VERIFY_CA' || mode === 'VERIFY_IDENTITY';
  if (files.ca !== '' && !verifies)
    throw new Error(`DATABASE_CA_FILE has no effect with ${PARAMETER}=${mode}; use VERIFY_CA or VERIFY_IDENTITY`);
  if (files.cert !== '' && mode === 'DISABLED')
    throw new Error(`DATABASE_CERT_FILE has no effect with ${PARAMETER}=DISABLED`);
  if (mode === 'DISABLED') return undefined;
  // The driver compares the certificate with the name `localhost` when the host is an address.
  if (mode === 'VERIFY_IDENTITY' && isIP(hostname.replace(/^\[|\]$/g, '')))
    throw new Error(
      'DATABASE_URL: VERIFY_IDENTITY needs the name of the host instead of its address; or use VERIFY_CA',
    );
  const ca = files.ca === '' ? undefined : readCertificate('DATABASE_CA_FILE', files.ca);
  const client = files.cert === '' ? undefined : readClient(files);
  return { ca, client, verify: mode === 'REQUIRED' ? 'nothing' : mode === 'VERIFY_CA' ? 'certificate' : 'identity' };
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

/** The name of a variable that is set, for errors. */
export function nameOfTlsFile({ ca, cert, key }: DatabaseTlsFiles): string | undefined {
  if (ca !== '') return 'DATABASE_CA_FILE';
  if (cert !== '') return 'DATABASE_CERT_FILE';
  return key === '' ? undefined : 'DATABASE_KEY_FILE';
}

function readClient(files: DatabaseTlsFiles): { cert: string; key: string } {
  const cert = readCertificate('DATABASE_CERT_FILE', files.cert);
  const key = read('DATABASE_KEY_FILE', files.key);
  let isPair: boolean;
  try {
    isPair = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch (cause) {
    throw new Error('DATABASE_CERT_FILE or DATABASE_KEY_FILE is damaged, or the key has a passphrase', { cause });
  }
  if (!isPair) throw new Error('DATABASE_KEY_FILE is not the key of the certificate in DATABASE_CERT_FILE');
  return { cert, key };
}

function readCertificate(name: string, path: string): string {
  const text = read(name, path);
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new Error(`${name} has no certificate in PEM`);
  return text;
}

function read(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`${name} cannot be read (${(error as NodeJS.ErrnoException).code})`, { cause: error });
  }
}
