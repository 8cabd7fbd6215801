import { generateKeyPairSync, sign } from 'node:crypto';

/** A self-signed certificate and its key, in PEM. */
export interface SelfSigned {
  readonly cert: string;
  readonly key: string;
}

const OID = {
  commonName: '550403',
  ecdsaWithSha256: '2a8648ce3d040302',
  subjectAltName: '551d11',
};

/**
 * A certificate for 127.0.0.1 and the given names.
 *
 * Encodes X.509 v3 directly (RFC 5280, section 4.1), so the tests need no external program.
 */
export function selfSigned(commonName: string, dnsNames: readonly string[] = []): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const name = sequence(der(0x31, sequence(oid(OID.commonName), der(0x0c, Buffer.from(commonName)))));
  const validity = sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231235959Z')));
  const names = dnsNames.map((dnsName) => der(0x82, Buffer.from(dnsName)));
  const address = sequence(der(0x87, Buffer.from([127, 0, 0, 1])), ...names);
  const extensions = der(0xa3, sequence(sequence(oid(OID.subjectAltName), der(0x04, address))));
  const version = der(0xa0, der(0x02, Buffer.from([2])));
  const serial = der(0x02, Buffer.from([1]));
  const body = [version, serial, algorithm, name, validity, name, publicKey.export({ type: 'spki', format: 'der' })];
  const toBeSigned = sequence(...body, extensions);
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', toBeSigned, privateKey)]));
  return {
    cert: pem('CERTIFICATE', sequence(toBeSigned, algorithm, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function pem(label: string, content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/g)!;
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
