import type { Evidence } from '../../../api/types.js';
import { concat, fromBase64, fromHex, sha256, toHex, utf8 } from './bytes.js';
import { type SignatureVerdict, verifySignature } from './signature.js';
import { type TreeHead, leafHash, parseCheckpoint, verifyInclusion } from './tree.js';

export interface EvidenceVerdict {
  /** Sentences about what was changed or is missing; none = intact. */
  readonly faults: readonly string[];
  readonly signature: SignatureVerdict;
  /** Entries of the log under the checkpoint. */
  readonly size: number;
  readonly versions: number;
  readonly activities: number;
}

/** What an entry says (docs/change-log.md, "The form of an entry"). */
interface Entry {
  readonly activities: number;
  readonly activitiesHash: string | null;
  readonly session: number;
  readonly sessionHash: string | null;
  readonly version: number;
}

/** What the page shows of the session, as the evidence writes it. */
export type Shown = Readonly<Record<string, string | null>>;

/**
 * Recomputes every hash from the session and its activities up to the root of the signed checkpoint.
 *
 * @param publicKey of the log; without it, the signature is not checked
 */
export async function verifyEvidence(evidence: Evidence, shown: Shown, publicKey: string): Promise<EvidenceVerdict> {
  const checkpoint = parseCheckpoint(evidence.checkpoint);
  const counts = {
    versions: evidence.entries.length,
    activities: evidence.activities.reduce((sum, { items }) => sum + items.length, 0),
  };
  if (!checkpoint) return { faults: ['The checkpoint is malformed.'], signature: 'unchecked', size: 0, ...counts };
  const faults = differences(evidence, shown);
  const entries = await provenEntries(evidence, checkpoint.tree, faults);
  await checkContents(evidence, entries, faults);
  const signature = await verifySignature(evidence.checkpoint, checkpoint.origin, publicKey);
  return { faults, signature, size: checkpoint.tree.size, ...counts };
}

function differences({ session }: Evidence, shown: Shown): string[] {
  const names = Object.keys(shown).filter((name) => (session[name] ?? null) !== shown[name]);
  return names.map((name) => `The page shows another ${name} than the evidence has.`);
}

async function provenEntries(evidence: Evidence, tree: TreeHead, faults: string[]): Promise<(Entry | undefined)[]> {
  const { entries, version, sessionId } = evidence;
  if (entries.length !== version || version < 1)
    faults.push(`It has version ${version}, but ${entries.length} entries.`);
  const read: (Entry | undefined)[] = [];
  for (const [i, { seq, entry, proof }] of entries.entries()) {
    const hashes = proof.flatMap((text) => fromBase64(text) ?? []);
    if (hashes.length !== proof.length || !(await verifyInclusion(seq - 1, await leafHash(entry), hashes, tree)))
      faults.push(`The entry at place ${seq} is not in the log of the checkpoint.`);
    if (i > 0 && seq <= entries[i - 1]!.seq) faults.push(`The entry at place ${seq} is not after the one before.`);
    const fields = parseEntry(entry);
    const fits = fields?.session === sessionId && fields.version === i + 1;
    if (!fits) faults.push(`The entry at place ${seq} is not version ${i + 1} of this session.`);
    read.push(fits ? fields : undefined);
  }
  return read;
}

async function checkContents(
  { session, salt, activities }: Evidence,
  entries: readonly (Entry | undefined)[],
  faults: string[],
) {
  const commit = async (text: string) => toHex(await sha256(concat(fromHex(salt), utf8(text))));
  const newest = entries.at(-1);
  if (newest && (await commit(canonical(session))) !== newest.sessionHash)
    faults.push(`The session differs from what was recorded as version ${newest.version}.`);
  const versions = activities.map(({ version }) => version);
  if (new Set(versions).size !== versions.length || versions.some((version) => version < 1 || version > entries.length))
    faults.push('It has activities of a version that does not exist, or of one version twice.');
  for (const entry of entries) {
    if (!entry) continue;
    const items = activities.find(({ version }) => version === entry.version)?.items ?? [];
    const hash = items.length === 0 ? null : await commit(JSON.stringify(items));
    if (items.length !== entry.activities || hash !== entry.activitiesHash)
      faults.push(`The activities of version ${entry.version} differ from what was recorded.`);
  }
}

function parseEntry(text: string): Entry | undefined {
  try {
    const fields = JSON.parse(text) as Entry;
    return JSON.stringify(fields) === text ? fields : undefined;
  } catch {
    return undefined;
  }
}

/** The canonical form (RFC 8785) of an object of texts. */
function canonical(fields: Shown): string {
  const names = Object.keys(fields).sort();
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, fields[name]])));
}
