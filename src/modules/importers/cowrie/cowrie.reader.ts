import { InstantSyntaxError, parseInstant } from '../../../platform/time/parse-instant.js';
import type { TimeZone } from '../../../platform/time/time-zone.js';
import type { IngestActivity } from '../../ingestion/pipeline/ingest-record.js';
import { cleanText } from '../../../platform/text/clean-text.js';
import { clientGuidOf, cutText, externalIdOf } from '../client-guid.js';
import { type RecordOrigin, recordOrigin } from '../record-origin.js';
import { byteCounter } from '../reading/file-bytes.js';
import { jsonFormat } from '../reading/json-lines.js';
import { jsonObjects } from '../reading/json-values.js';
import { LogZone } from '../reading/log-zone.js';
import type { LogItem, LogReaderOptions } from '../log-reader.js';

const MAX_ACTIVITIES = 500;
const KEYSTROKES = 16_000;
const TITLE = 1024;

interface CowrieSession {
  readonly position: string;
  readonly sensor: string;
  readonly session: string;
  readonly userName: string;
  readonly loginDate: string;
  readonly origin: RecordOrigin;
  activities: IngestActivity[];
}

type Fields = Readonly<Record<string, unknown>>;

const FORMAT = jsonFormat('JSON lines of Cowrie (cowrie.json)', (fields) =>
  text(fields['eventid']).startsWith('cowrie.'),
);

/**
 * Sessions of the honeypot Cowrie (cowrie.json; format: "Output Event Code Reference" of Cowrie's documentation). A
 * successful login begins a session, the end of the connection ends it, and typed commands are its activities. Connections
 * without a successful login are not sessions. Passwords are not imported.
 */
export async function* readCowrie(paths: readonly string[], options: LogReaderOptions): AsyncGenerator<LogItem> {
  const zone = new LogZone(options);
  const open = new Map<string, CowrieSession>();
  for await (const line of jsonObjects(paths, byteCounter(options.onProgress), FORMAT)) {
    if ('rejected' in line) yield line;
    else yield* apply(line.value as Fields, line.position, open, { zone, host: options.host });
  }
  for (const session of open.values()) yield toItem(session, null);
}

function* apply(
  event: Fields,
  position: string,
  open: Map<string, CowrieSession>,
  { zone, host }: { zone: TimeZone; host: string },
): Generator<LogItem> {
  const id = text(event['eventid']);
  if (!['cowrie.login.success', 'cowrie.command.input', 'cowrie.session.closed'].includes(id)) return;
  const at = instant(event['timestamp'], zone);
  const sensor = cleanText(text(event['sensor']) || host);
  const session = cleanText(text(event['session']));
  if (at === null || session === '') return yield { position, rejected: `${id} without a session or a time` };
  const key = JSON.stringify([sensor, session]);
  const known = open.get(key);
  if (id === 'cowrie.login.success') {
    // An empty name would be rejected, but the login did happen.
    const userName = cleanText(text(event['username'])) || '(empty)';
    if (!known)
      open.set(key, { position, sensor, session, userName, loginDate: at, origin: originOf(event), activities: [] });
  } else if (known && id === 'cowrie.command.input') {
    if (known.activities.push(command(cleanText(text(event['input'])), at)) < MAX_ACTIVITIES) return;
    yield toItem(known, null);
    known.activities = [];
  } else if (known) {
    open.delete(key);
    yield toItem(known, at < known.loginDate ? known.loginDate : at);
  }
}

/** The honeypot only has remote logins, over SSH and Telnet. */
const originOf = (event: Fields) =>
  recordOrigin({ address: cleanText(text(event['src_ip'])), logonType: 'remoteInteractive' });

function command(input: string, at: string): IngestActivity {
  return {
    at,
    application: 'shell',
    title: cutText(input, TITLE),
    keystrokes: cutText(input, KEYSTROKES),
    kind: 'command',
  };
}

function toItem(
  { position, sensor, session, userName, loginDate, origin, activities }: CowrieSession,
  logoutDate: string | null,
): LogItem {
  const record = {
    ...{ externalId: externalIdOf(`cowrie:${session}`), clientGuid: clientGuidOf(sensor) },
    ...{ clientName: cutText(sensor, 255), userName: cutText(userName, 128), loginDate, logoutDate },
    ...origin,
    ...(activities.length > 0 ? { activities } : {}),
  };
  return { position, record };
}

/** In UTC as ISO text, or null. */
function instant(value: unknown, zone: TimeZone): string | null {
  try {
    return new Date(parseInstant(text(value).replace(/([+-]\d\d)(\d\d)$/, '$1:$2'), zone)).toISOString();
  } catch (error) {
    if (error instanceof InstantSyntaxError) return null;
    throw error;
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');
