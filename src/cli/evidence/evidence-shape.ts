import type { SessionEvidence } from '../../modules/evidence/files/port/evidence.js';
import type { Fields } from './evidence-reader.js';

/** @returns undefined if a member is missing or has another type */
export function sessionEvidence(value: Fields): SessionEvidence | undefined {
  const { sessionId, version, session, salt, activities, entries } = value;
  const isSession =
    [sessionId, version].every(Number.isSafeInteger) &&
    isObject(session) &&
    Object.values(session).every((member) => member === null || typeof member === 'string') &&
    isHex(salt) &&
    isListOf(activities, isAddedActivities) &&
    isListOf(entries, isEntry);
  return isSession ? (value as unknown as SessionEvidence) : undefined;
}

function isAddedActivities({ version, items }: Fields): boolean {
  return Number.isSafeInteger(version) && Array.isArray(items);
}

function isEntry({ seq, entry, proof }: Fields): boolean {
  const isProof = Array.isArray(proof) && proof.every((hash) => typeof hash === 'string');
  return Number.isSafeInteger(seq) && typeof entry === 'string' && isProof;
}

function isListOf(value: unknown, is: (item: Fields) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => isObject(item) && is(item));
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isHex(value: unknown): boolean {
  return typeof value === 'string' && /^([0-9a-f]{2})*$/.test(value);
}
