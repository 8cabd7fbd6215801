import { generateKeyPairSync } from 'node:crypto';
import { keyIdOf } from '../../checkpoints/port/key-id.js';
import { checkpointLine, isSigned, parseCheckpointLine, signCheckpoint } from './checkpoint.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const state = { count: 12, hash: 'a'.repeat(64), time: '2021-04-01T10:00:00.000Z' };

describe('a checkpoint', () => {
  const checkpoint = signCheckpoint(state, privateKey);

  it('verifies with the public key that it names, and with no other', () => {
    expect(checkpoint.keyId).toBe(keyIdOf(publicKey));
    expect(isSigned(checkpoint, publicKey)).toBe(true);
    expect(isSigned(checkpoint, generateKeyPairSync('ed25519').publicKey)).toBe(false);
  });

  it('does not verify after a change of any member', () => {
    const changes = [{ count: 11 }, { hash: 'b'.repeat(64) }, { time: '2021-04-01T10:00:00.001Z' }, { keyId: 'x' }];
    for (const change of [...changes, { signature: '' }, { signature: 'AAAA' }])
      expect(isSigned({ ...checkpoint, ...change }, publicKey)).toBe(false);
  });

  it('is parsed from its line; other lines of a log are ignored', () => {
    expect(parseCheckpointLine(checkpointLine(checkpoint))).toEqual(checkpoint);
    const broken = checkpointLine(checkpoint).slice(0, -5);
    for (const line of ['', '{"level":"log"}', '"session-audit-checkpoint"', broken, 'null "session-audit-checkpoint"'])
      expect(parseCheckpointLine(line)).toBeUndefined();
  });
});
