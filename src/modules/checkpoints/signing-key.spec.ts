import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyIdOf } from './port/key-id.js';
import {
  isExposed,
  loadOrMakeSigningKey,
  loadPublicKeys,
  loadSigningKey,
  makeSigningKey,
  publicPem,
} from './signing-key.js';

describe('the signing key', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'signing-key-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is created with access for its owner only, and then kept', () => {
    const path = join(directory, 'new', 'key.pem');
    const key = loadOrMakeSigningKey(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(isExposed(path)).toBe(false);
    // As Kubernetes mounts a secret for the group of a container.
    const exposedWith = (mode: number) => (chmodSync(path, mode), isExposed(path));
    expect([0o440, 0o640, 0o660, 0o644, 0o604].map(exposedWith)).toEqual([false, false, true, true, true]);
    chmodSync(path, 0o600);
    expect(makeSigningKey(path)).toBe(false);
    expect(loadOrMakeSigningKey(path).equals(key)).toBe(true);
    expect(readdirSync(join(directory, 'new'))).toEqual(['key.pem']);
  });

  it('is refused if it is invalid, without repeating the content of the file', () => {
    const path = join(directory, 'key.pem');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (const text of ['hunter2', '', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()]) {
      writeFileSync(path, text);
      expect(() => loadOrMakeSigningKey(path)).toThrow(
        'AUDIT_SIGNING_KEY: the file holds no private Ed25519 key in PEM.',
      );
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });

  it('cannot be created: the error names the variable and the reason', () => {
    writeFileSync(join(directory, 'file'), '');
    expect(() => loadOrMakeSigningKey(join(directory, 'file', 'key.pem'))).toThrow(/^AUDIT_SIGNING_KEY: .*ENOTDIR/);
    expect(() => loadSigningKey(join(directory, 'absent'))).toThrow(/^AUDIT_SIGNING_KEY: .*ENOENT/);
  });

  it('has a public key; a file may contain several public keys', () => {
    const [a, b] = ['a', 'b'].map((name) => loadOrMakeSigningKey(join(directory, name)));
    const path = join(directory, 'public.pem');
    writeFileSync(path, `Since 2021:\n${publicPem(a!)}\nBefore:\n${publicPem(b!)}`);
    expect(loadPublicKeys(path).map(keyIdOf)).toEqual([a, b].map((key) => keyIdOf(createPublicKey(key!))));
    writeFileSync(path, 'no key');
    expect(() => loadPublicKeys(path)).toThrow('does not hold public Ed25519 keys');
  });
});
