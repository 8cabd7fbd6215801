import { generateKeyPairSync } from 'node:crypto';
import { signCheckpoint } from '../../../../src/modules/changes/checkpoints/checkpoint-signature.js';
import { checkpointTime } from './checkpoint.js';

describe('checkpointTime', () => {
  it('is the second in which the server signed', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const at = Date.parse('2026-03-02T09:00:00Z');
    const note = signCheckpoint({ origin: 'log', size: 3, root: Buffer.alloc(32) }, at + 400, privateKey);
    expect(checkpointTime(note)).toBe(at);
    expect(checkpointTime('log\n3\nroot\n\n')).toBeNull();
  });
});
