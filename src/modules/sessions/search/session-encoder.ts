import { copyBytes } from '../../../platform/text/copy-bytes.js';
import type { ItemEncoder } from '../../../platform/http/streaming/text-chunks.js';
import { InstantBytes, ZONED_BYTES } from '../../../platform/time/bulk/instant-bytes.js';
import { instantBytesReader } from '../../../platform/time/bulk/instant-bytes-reader.js';
import type { TimeZone } from '../../../platform/time/time-zone.js';
import type { UserReference } from '../../directory/port/references.js';
import type { Span } from '../domain/clip.js';
import { LOGON_TYPES } from '../port/logon-type.js';
import type { ShownSession } from './shown-session.js';
import { CLIENT_NAME, END, EXTERNAL_ID, GUID, HOST, ID, LAST_SEEN, LOGIN } from './walk/found-session.js';
import { type FoundSession, LOGON_TYPE, TERMINAL, VERSION } from './walk/found-session.js';

/** UTF-8 bytes of a UTF-16 code unit at most. */
const UNIT_BYTES = 3;
/** JSON escapes a byte with at most six. */
const MAX_ESCAPE = 6;
/** Keys, numbers, dates and the names of states and logon types of one session, and more. */
const FIXED_BYTES = 1024;
/** Users whose JSON is kept: about 100 bytes each. */
const MAX_USERS = 50_000;

const [QUOTE, BACKSLASH, SPACE] = Buffer.from('"\\ ') as unknown as [number, number, number];
const NULL = Buffer.from('null');
const NO_ADDRESS = Buffer.from(',"remoteAddress":null');
/** By code; the first one is that of a session without a logon type. */
const LOGONS = [null, ...LOGON_TYPES].map((type) => Buffer.from(`,"logonType":${JSON.stringify(type)}`));
const KEYS = {
  ...{ sessionId: Buffer.from('{"sessionId":'), externalId: Buffer.from(',"externalId":') },
  ...{ version: Buffer.from(',"version":'), guid: Buffer.from('"client":{"guid":'), name: Buffer.from(',"name":') },
  ...{ loginDate: Buffer.from(',"loginDate":'), logoutDate: Buffer.from(',"logoutDate":') },
  ...{ remoteHost: Buffer.from(',"remoteHost":'), terminal: Buffer.from(',"terminal":') },
  durationSeconds: Buffer.from(',"durationSeconds":'),
  clipped: Buffer.from(',"clipped":{"loginDate":'),
};
const STATES = {
  live: Buffer.from(',"state":"live",'),
  lost: Buffer.from(',"state":"lost",'),
  ended: Buffer.from(',"state":"ended",'),
};
const ESTIMATED = Buffer.from(',"endEstimated":true,"lastSeen":');
const NOT_ESTIMATED = Buffer.from(',"endEstimated":false,"lastSeen":');
const END_OBJECT = Buffer.from('}');
const END_CLIPPED = Buffer.from('}}');

/**
 * Writes sessions as `JSON.stringify` writes their responses, from the bytes of the rows: a list may have millions of
 * sessions, and strings for all their values would cost several times as much.
 */
export class SessionEncoder implements ItemEncoder<ShownSession> {
  private readonly dates: InstantBytes;
  private readonly readLogin = instantBytesReader();
  private readonly readEnd = instantBytesReader();
  /** By id. A user never changes, but another one can have its id after a failover that lost transactions. */
  private users = new Map<number, UserReference & { readonly bytes: Buffer }>();

  constructor(zone: TimeZone) {
    this.dates = new InstantBytes(zone);
  }

  maxBytes({ found, user }: ShownSession): number {
    const { lengths } = found.row;
    const names = lengths[GUID]! + lengths[CLIENT_NAME]! + UNIT_BYTES * (user.name.length + user.domain.length);
    // A missing field has the length -1.
    const facts = lengths[EXTERNAL_ID]! + lengths[HOST]! + lengths[TERMINAL]!;
    return MAX_ESCAPE * (names + facts) + FIXED_BYTES;
  }

  write({ found, user, clipped }: ShownSession, to: Buffer, start: number): number {
    const { row, state } = found;
    let at = put(KEYS.sessionId, to, start);
    at = copyBytes(row.bytes, row.starts[ID]!, row.lengths[ID]!, to, at);
    at = this.text(found, EXTERNAL_ID, put(KEYS.externalId, to, at), to);
    at = copyBytes(row.bytes, row.starts[VERSION]!, row.lengths[VERSION]!, to, put(KEYS.version, to, at));
    at = this.text(found, GUID, put(KEYS.guid, to, put(STATES[state], to, at)), to);
    at = this.text(found, CLIENT_NAME, put(KEYS.name, to, at), to);
    at = put(this.userJson(user), to, at);
    at = this.date(found, LOGIN, put(KEYS.loginDate, to, at), to);
    at = this.date(found, END, put(KEYS.logoutDate, to, at), to);
    at = this.date(found, LAST_SEEN, put(state === 'lost' ? ESTIMATED : NOT_ESTIMATED, to, at), to);
    at = this.duration(found, to, put(KEYS.durationSeconds, to, at));
    at = this.address(found, to, at);
    at = this.text(found, HOST, put(KEYS.remoteHost, to, at), to);
    at = put(LOGONS[row.isNull(LOGON_TYPE) ? 0 : row.number(LOGON_TYPE)]!, to, at);
    at = this.text(found, TERMINAL, put(KEYS.terminal, to, at), to);
    return clipped === null ? put(END_OBJECT, to, at) : this.clipped(found, clipped, to, at);
  }

  private clipped(found: FoundSession, clipped: Span, to: Buffer, start: number): number {
    let at = put(KEYS.clipped, to, start);
    const isSame = clipped === found;
    at = isSame ? this.date(found, LOGIN, at, to) : this.instant(clipped.login, at, to);
    at = put(KEYS.logoutDate, to, at);
    at = isSame ? this.date(found, END, at, to) : this.instant(clipped.end, at, to);
    return put(END_CLIPPED, to, at);
  }

  /** Seconds, with up to three decimals. */
  private duration({ row }: FoundSession, to: Buffer, at: number): number {
    if (row.isNull(END)) return put(NULL, to, at);
    const ms = this.readEnd(row.bytes, row.starts[END]!) - this.readLogin(row.bytes, row.starts[LOGIN]!);
    return at + to.write(String(ms / 1000), at, 'latin1');
  }

  private address({ remoteAddress }: FoundSession, to: Buffer, at: number): number {
    if (remoteAddress === null) return put(NO_ADDRESS, to, at);
    return at + to.write(`,"remoteAddress":"${remoteAddress}"`, at, 'latin1');
  }

  private userJson({ id, name, domain }: UserReference): Buffer {
    const known = this.users.get(id);
    if (known?.name === name && known.domain === domain) return known.bytes;
    if (this.users.size >= MAX_USERS) this.users = new Map();
    const bytes = Buffer.from(`},"user":${JSON.stringify({ id, name, domain })}`);
    this.users.set(id, { id, name, domain, bytes });
    return bytes;
  }

  private date({ row }: FoundSession, field: number, at: number, to: Buffer): number {
    if (row.isNull(field)) return put(NULL, to, at);
    to[at] = QUOTE;
    this.dates.copy(row.bytes, row.starts[field]!, to, at + 1);
    to[at + 1 + ZONED_BYTES] = QUOTE;
    return at + ZONED_BYTES + 2;
  }

  private instant(instantText: string | null, at: number, to: Buffer): number {
    if (instantText === null) return put(NULL, to, at);
    to[at] = QUOTE;
    this.dates.copyText(instantText, to, at + 1);
    to[at + 1 + ZONED_BYTES] = QUOTE;
    return at + ZONED_BYTES + 2;
  }

  private text({ row }: FoundSession, field: number, start: number, to: Buffer): number {
    if (row.isNull(field)) return put(NULL, to, start);
    const { bytes } = row;
    const first = row.starts[field]!;
    const end = first + row.lengths[field]!;
    let at = start;
    to[at++] = QUOTE;
    for (let i = first; i < end; i++) {
      const byte = bytes[i]!;
      if (byte < SPACE || byte === QUOTE || byte === BACKSLASH)
        return start + to.write(JSON.stringify(row.utf8(field)), start);
      to[at++] = byte;
    }
    to[at++] = QUOTE;
    return at;
  }
}

function put(bytes: Buffer, to: Buffer, at: number): number {
  return copyBytes(bytes, 0, bytes.length, to, at);
}
