import { type KeyObject, createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Reads the private Ed25519 key of a PEM file (PKCS #8); creates the file if it does not exist.
 *
 * @throws Error that names the variable and the reason, but not the content of the file
 */
export function loadOrMakeSigningKey(path: string): KeyObject {
  try {
    return loadSigningKey(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  makeSigningKey(path);
  return loadSigningKey(path);
}

/** @throws Error as above; with code ENOENT if the file does not exist */
export function loadSigningKey(path: string): KeyObject {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw Object.assign(new Error(`AUDIT_SIGNING_KEY: the file cannot be read (${code}).`), { code });
  }
  const key = parse(() => createPrivateKey(pem));
  if (key?.asymmetricKeyType !== 'ed25519')
    throw new Error('AUDIT_SIGNING_KEY: the file holds no private Ed25519 key in PEM.');
  return key;
}

/** Whether others than the owner and a group can read the file, or others than the owner can write it. */
export function isExposed(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & 0o037) !== 0;
}

/** Creates the file atomically with mode 0600. An existing file is kept, even one that is created concurrently. */
export function makeSigningKey(path: string): boolean {
  const { privateKey } = generateKeyPairSync('ed25519');
  const temporary = `${path}.${randomUUID()}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
    chmodSync(temporary, 0o600);
    linkSync(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw new Error(`AUDIT_SIGNING_KEY: there is no key, and none can be made there (${code}); see "audit keygen".`, {
      cause: error,
    });
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * Reads the Ed25519 public keys of a file with one or more PEM blocks; a private key is converted to its public key.
 *
 * @throws Error if there is no key or a key of another type
 */
export function loadPublicKeys(path: string): KeyObject[] {
  const blocks = readFileSync(path, 'utf8').match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
  const keys = blocks.map((pem) => parse(() => createPublicKey(pem)));
  if (keys.length === 0 || keys.some((key) => key?.asymmetricKeyType !== 'ed25519'))
    throw new Error(`${path} does not hold public Ed25519 keys in PEM.`);
  return keys as KeyObject[];
}

/** Replaces the parser's message, which could repeat part of the key. */
function parse(read: () => KeyObject): KeyObject | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

export function publicPem(privateKey: KeyObject): string {
  return createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
}
