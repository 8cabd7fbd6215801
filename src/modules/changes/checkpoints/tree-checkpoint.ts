import { HASH_BYTES } from '../tree/hashes.js';

/** The state of a log: its first `size` leaves have the root hash `root` (C2SP tlog-checkpoint). */
export interface TreeCheckpoint {
  /** Name of the log, also the name of its key. */
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** The text that is signed: origin, size and root, a line each (C2SP tlog-checkpoint, "Note text"). */
export function checkpointText({ origin, size, root }: TreeCheckpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** Extension lines are skipped. @returns undefined if the text is no checkpoint */
export function parseCheckpointText(text: string): TreeCheckpoint | undefined {
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n');
  if (!text.endsWith('\n') || !origin || size === undefined || root === undefined) return undefined;
  if (extensions.some((line) => line === '') || !/^(0|[1-9]\d{0,15})$/.test(size)) return undefined;
  const bytes = Buffer.from(root, 'base64');
  if (bytes.length !== HASH_BYTES || bytes.toString('base64') !== root) return undefined;
  return Number.isSafeInteger(Number(size)) ? { origin, size: Number(size), root: bytes } : undefined;
}

const LINE_TYPE = 'session-log-checkpoint';

/** One line of JSON with a signed checkpoint, for a file or a log collector. */
export function checkpointLine(note: string): string {
  return `${JSON.stringify({ type: LINE_TYPE, note })}\n`;
}

/** @returns the note; undefined for any other line, because a collected log contains others */
export function parseCheckpointLine(line: string): string | undefined {
  if (!line.includes(`"${LINE_TYPE}"`)) return undefined;
  try {
    const { type, note } = JSON.parse(line) as Record<string, unknown>;
    return type === LINE_TYPE && typeof note === 'string' ? note : undefined;
  } catch {
    return undefined;
  }
}
