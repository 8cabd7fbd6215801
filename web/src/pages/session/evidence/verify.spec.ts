import { generateKeyPairSync } from 'node:crypto';
import { signCheckpoint } from '../../../../../src/modules/changes/checkpoints/checkpoint-signature.js';
import { verifierKey } from '../../../../../src/modules/changes/checkpoints/note-key.js';
import { commitment } from '../../../../../src/modules/changes/port/commitments.js';
import { leafHash, nodeHash } from '../../../../../src/modules/changes/tree/hashes.js';
import type { Evidence } from '../../../api/types.js';
import { verifyEvidence } from './verify.js';

const SALT = '000102030405060708090a0b0c0d0e0f';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const PEM = publicKey.export({ type: 'spki', format: 'pem' }) as string;
const SESSION = { clientGuid: 'a', login: '2021-04-01T10:00:00.000Z', userName: 'Ada' };
const ITEMS = [['2021-04-01T10:00:01.000Z', 'app', null, null, null, null]];
const hashed = (value: unknown) => commitment(Buffer.from(SALT, 'hex'), JSON.stringify(value));

/** Evidence as the server makes it: the second of three leaves. */
function evidence(): Evidence {
  const entry = JSON.stringify({
    ...{ activities: 1, activitiesHash: hashed(ITEMS), at: '2021-04-01T11:00:00.000Z', client: 1, kind: 'created' },
    ...{ session: 7, sessionHash: hashed(SESSION), version: 1 },
  });
  const [first, third] = [leafHash('first'), leafHash('third')];
  const root = nodeHash(nodeHash(first, leafHash(entry)), third);
  return {
    ...{ format: 'session-audit-evidence/1', keyId: '', sessionId: 7, version: 1, session: { ...SESSION }, salt: SALT },
    checkpoint: signCheckpoint({ origin: 'log', size: 3, root }, 0, privateKey),
    activities: [{ version: 1, items: structuredClone(ITEMS) }],
    entries: [{ seq: 2, entry, proof: [first.toString('base64'), third.toString('base64')] }],
  };
}

describe('verifyEvidence', () => {
  it('finds nothing in what the server makes, and checks the signature with each form of the key', async () => {
    for (const key of [PEM, verifierKey('log', publicKey)])
      expect(await verifyEvidence(evidence(), SESSION, key)).toEqual({
        ...{ faults: [], signature: 'signed', size: 3, versions: 1, activities: 1 },
      });
    expect(await verifyEvidence(evidence(), SESSION, '')).toMatchObject({ faults: [], signature: 'unchecked' });
  });

  it('refuses the signature of another key, and what is no key', async () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }) as string;
    expect(await verifyEvidence(evidence(), SESSION, other)).toMatchObject({ signature: 'wrong-key' });
    expect(await verifyEvidence(evidence(), SESSION, 'nonsense')).toMatchObject({ signature: 'bad-key' });
  });

  const changes: [string, (found: Evidence) => unknown][] = [
    ['the session', (found) => (found.session.userName = 'Eve')],
    ['an activity', (found) => ((found.activities[0]!.items[0] as unknown[])[1] = 'other')],
    ['the number of activities', (found) => (found.activities = [])],
    ['the entry', (found) => (found.entries[0]!.entry = found.entries[0]!.entry.replace('created', 'updated'))],
    ['the place', (found) => (found.entries[0]!.seq = 1)],
    ['the proof', (found) => found.entries[0]!.proof.reverse()],
    ['the checkpoint', (found) => (found.checkpoint = found.checkpoint.replace('\n3\n', '\n5\n'))],
    ['the salt', (found) => (found.salt = SALT.replace('00', 'ff'))],
    ['the number of the session', (found) => (found.sessionId = 8)],
    ['the number of versions', (found) => (found.entries = [])],
  ];
  it.each(changes)('finds a change of %s', async (_what, change) => {
    const changed = evidence();
    change(changed);
    const { faults } = await verifyEvidence(changed, {}, PEM);
    expect(faults.length).toBeGreaterThan(0);
  });

  it('finds that the page shows something else', async () => {
    const { faults } = await verifyEvidence(evidence(), { ...SESSION, userName: 'Eve' }, PEM);
    expect(faults).toEqual(['The page shows another userName than the evidence has.']);
  });
});
