import type { RecordPage } from '../audit/reading/audit-reader.service.js';
import { parseUserName } from '../directory/port/user-name.js';
import type { RecordedQuestion } from '../sessions/port/recorded-question.js';

/** Actions that give nobody's sessions away. Every other one is a read, also one that this code does not know. */
const NOT_READS =
  /^(keys|audit|schema|ingest|import|sample|check|health|limits|console)\.|^backup\.restore$|^changes\.(verify|checkpoint|tile|proof)$/;
/** Fields of a filter that leave its sessions as they are. */
const NEUTRAL = new Set(['format', 'file', 'order', 'step', 'groupBy', 'width', 'empty']);
/** Lists that are answered page by page as JSON, so that a call need not have returned a session which it asked for. */
const PAGED = new Set(['sessions.list', 'activities.list', 'overlaps.read', 'timeline.rows']);
const INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/;

export type AuditRecord = RecordPage['records'][number];
type Fields = Record<string, unknown>;

/**
 * The sessions that a recorded call asked for, from its filter; null unless the record is the begin of a read. What the
 * filter does not tell exactly makes the question wider, and `isNarrower` true.
 */
export function recordedQuestion(record: AuditRecord): RecordedQuestion | null {
  const { kind, action, requestSeq, at } = record;
  const begins = kind === 'request' || (kind === 'command' && requestSeq === null);
  if (!begins || action === null || NOT_READS.test(action)) return null;
  const reader = new FieldReader(fieldsOf(record.filter));
  const question = {
    sessionId: reader.one('sessionId', isNumber),
    clientGuids: reader.list('client', isText),
    users: reader.list('user', isText)?.map(parseUserName) ?? null,
    userIds: reader.list('userId', isNumber),
    rowScope: reader.one('rowScope', isText)?.split(' ').filter(Boolean) ?? null,
    window: windowOf(reader),
    atMs: Date.parse(at),
  };
  const isPage = PAGED.has(action) && record.filter.includes('"format":"json"');
  return { ...question, isNarrower: isPage || reader.hasOthers || !KNOWN.test(action) };
}

/** Actions whose filter is understood. */
const KNOWN =
  /^(sessions\.(read|list|details)|session\.(read|evidence)|activities\.list|statistics\.read|(concurrency|overlaps)\.read|timeline\.(rows|density)|(sessions|activities|concurrency|overlaps|evidence)\.export)$/;

function windowOf(reader: FieldReader): RecordedQuestion['window'] {
  const activeAt = reader.one('activeAt', isInstant);
  const start = reader.one('start', isInstant) ?? reader.one('from', isInstant) ?? activeAt;
  const end = reader.one('end', isInstant) ?? reader.one('to', isInstant) ?? activeAt;
  return { start, end };
}

/** Reads the fields of a filter, and remembers whether there are others or unreadable ones. */
class FieldReader {
  private readonly unread: Set<string>;

  constructor(private readonly fields: Fields | null) {
    const given = Object.entries(fields ?? {}).filter(([, value]) => value !== null);
    this.unread = new Set(given.map(([name]) => name).filter((name) => !NEUTRAL.has(name)));
  }

  get hasOthers(): boolean {
    return this.fields === null || this.unread.size > 0;
  }

  one<T>(name: string, is: (value: unknown) => value is T): T | null {
    const value = this.fields?.[name];
    if (!is(value)) return null;
    this.unread.delete(name);
    return value;
  }

  list<T>(name: string, is: (value: unknown) => value is T): readonly T[] | null {
    const values = listOf(this.fields?.[name]);
    if (!values?.every(is)) return null;
    this.unread.delete(name);
    return values;
  }
}

/** A list, or the JSON text of one. A list that was cut is no JSON any more. */
function listOf(value: unknown): readonly unknown[] | null {
  if (typeof value !== 'string' || !value.startsWith('[')) return Array.isArray(value) ? value : [value];
  try {
    return [JSON.parse(value) as unknown].flat();
  } catch {
    return null;
  }
}

/** A text that was cut ends with an ellipsis. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && !value.endsWith('…');
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isInstant(value: unknown): value is string {
  return typeof value === 'string' && INSTANT.test(value);
}

function fieldsOf(filter: string): Fields | null {
  try {
    const fields = JSON.parse(filter) as unknown;
    return typeof fields === 'object' && fields !== null && !Array.isArray(fields) ? (fields as Fields) : null;
  } catch {
    return null;
  }
}
