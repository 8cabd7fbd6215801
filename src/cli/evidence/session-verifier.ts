import { SALT_BYTES, commitment } from '../../modules/changes/port/commitments.js';
import { HASH_BYTES, leafHash } from '../../modules/changes/tree/hashes.js';
import { type TreeHead, verifyInclusion } from '../../modules/changes/tree/verify-proof.js';
import type { AddedActivities, EntryEvidence, SessionEvidence } from '../../modules/evidence/files/port/evidence.js';

/** What an entry says (docs/change-log.md, "The form of an entry"). */
interface Entry {
  readonly activities: number;
  readonly activitiesHash: string | null;
  readonly at: string;
  readonly session: number;
  readonly sessionHash: string | null;
  readonly version: number;
}

const ENTRY_MEMBERS = 'activities activitiesHash at client kind session sessionHash version';

/** The result for one session. */
export interface SessionVerdict {
  /** Sentences, each about something that was changed or is missing. */
  readonly faults: readonly string[];
  readonly versions: number;
  readonly activities: number;
}

/** Compares a session with its entries, and these with the tree of a checkpoint. Needs nothing but the file. */
export function verifySession(evidence: SessionEvidence, tree: TreeHead): SessionVerdict {
  const { sessionId, version, entries, activities } = evidence;
  const faults: string[] = [];
  if (entries.length !== version || version < 1)
    faults.push(`it has version ${version}, but ${entries.length} entries`);
  let place = 0;
  const read = entries.map((one, i) => {
    if (one.seq <= place) faults.push(`the entry of version ${i + 1} is not after the one before`);
    place = one.seq;
    return readEntry(one, i + 1, sessionId, tree, faults);
  });
  checkSession(evidence, read.at(-1), faults);
  checkActivities(evidence, read, faults);
  return { faults, versions: entries.length, activities: activities.reduce((sum, { items }) => sum + items.length, 0) };
}

function readEntry(
  { seq, entry, proof }: EntryEvidence,
  version: number,
  sessionId: number,
  tree: TreeHead,
  faults: string[],
): Entry | undefined {
  const hashes = proof.map((text) => Buffer.from(text, 'base64'));
  const isProven =
    hashes.every((hash) => hash.length === HASH_BYTES) && verifyInclusion(seq - 1, leafHash(entry), hashes, tree);
  if (!isProven) faults.push(`the proof of the entry at place ${seq} does not lead to the root of the checkpoint`);
  const fields = parseEntry(entry);
  if (!fields) faults.push(`the entry at place ${seq} does not have the form of an entry`);
  else if (fields.session !== sessionId)
    faults.push(`the entry at place ${seq} is one of session ${fields.session}, not of this one`);
  else if (fields.version !== version)
    faults.push(`the entry at place ${seq} is that of version ${fields.version}, where version ${version} is expected`);
  else return fields;
  return undefined;
}

function checkSession({ session, salt }: SessionEvidence, newest: Entry | undefined, faults: string[]): void {
  if (!newest) return;
  if (Buffer.from(salt, 'hex').length !== SALT_BYTES) faults.push('its salt does not have 16 bytes');
  if (commitment(Buffer.from(salt, 'hex'), canonical(session)) !== newest.sessionHash)
    faults.push(`it differs from what was recorded as version ${newest.version}`);
}

function checkActivities(
  { activities, salt }: SessionEvidence,
  entries: readonly (Entry | undefined)[],
  faults: string[],
): void {
  const added = new Map<number, AddedActivities>();
  for (const one of activities) {
    if (added.has(one.version)) faults.push(`it has activities of version ${one.version} twice`);
    if (one.version < 1 || one.version > entries.length)
      faults.push(`it has activities of version ${one.version}, which does not exist`);
    added.set(one.version, one);
  }
  for (const entry of entries) {
    if (!entry) continue;
    const { version, activities: count, activitiesHash } = entry;
    const items = added.get(version)?.items ?? [];
    if (items.length !== count)
      faults.push(`version ${version} added ${count} activities, but the file has ${items.length}`);
    else if ((count === 0 ? null : commitment(Buffer.from(salt, 'hex'), JSON.stringify(items))) !== activitiesHash)
      faults.push(`the activities of version ${version} differ from what was recorded`);
  }
}

function parseEntry(text: string): Entry | undefined {
  try {
    const fields = JSON.parse(text) as Record<string, unknown>;
    if (JSON.stringify(fields) !== text || Object.keys(fields).join(' ') !== ENTRY_MEMBERS) return undefined;
    return fields as unknown as Entry;
  } catch {
    return undefined;
  }
}

/** The canonical form (RFC 8785) of an object of texts. */
function canonical(fields: Readonly<Record<string, string | null>>): string {
  return JSON.stringify(
    Object.fromEntries(
      Object.keys(fields)
        .sort()
        .map((name) => [name, fields[name]]),
    ),
  );
}
