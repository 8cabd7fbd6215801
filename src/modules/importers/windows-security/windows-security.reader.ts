import { MAX_INSTANT_MS, MIN_INSTANT_MS } from '../../../platform/time/instant.js';
import type { IngestActivity, IngestRecord } from '../../ingestion/pipeline/ingest-record.js';
import { cleanText } from '../../../platform/text/clean-text.js';
import { clientGuidOf, cutText, externalIdOf } from '../client-guid.js';
import type { LogItem, LogReaderOptions } from '../log-reader.js';
import { windowsEvents } from './event-files.js';
import { LogonPairing, type LogonSession, type Orphan } from './logon-pairing.js';
import { LogonTypes } from './logon-types.js';
import { BOOTS, EVENT_TITLES, LOGOFF, LOGON, SHUTDOWNS, USER_LOGOFF, type WindowsEvent } from './windows-event.js';

/** Activities that wait for others of their session, so that they travel in one record. */
const MAX_WAITING = 20_000;
const MAX_ACTIVITIES = 1000;
const APPLICATION_FIELDS = ['NewProcessName', 'ProcessName', 'Image', 'Application', 'CallerProcessName'];
const OBJECT_FIELDS = ['ObjectName', 'RelativeTargetName', 'ShareName', 'TargetServerName', 'TaskName', 'ServiceName'];

/**
 * Sessions of the Windows Security log: 4624 begins one; 4634, 4647 or a boot ends it; other events that carry its logon
 * id are its activities. The files are read twice, once for what bounds sessions and once for their activities, so
 * that memory holds the sessions but not the events.
 *
 * @throws RangeError when `options.timeZone` or `options.logonTypes` is none
 */
export async function* readWindowsSecurity(
  paths: readonly string[],
  options: LogReaderOptions,
): AsyncGenerator<LogItem> {
  const types = new LogonTypes(options.logonTypes);
  const pairing = new LogonPairing();
  for await (const { position, item, raw } of windowsEvents(paths, options, 1)) {
    if (!item) continue;
    if ('rejected' in item) yield { position, rejected: item.rejected, raw };
    else pairing.add(item.event, position);
  }
  const { sessions, orphans } = pairing.pair();
  for (const orphan of orphans) if (isOurs(types, orphan.event)) yield rejectedOrphan(orphan);
  const ours = new Set(sessions.filter((s) => isOurs(types, s.event)));
  if (ours.size > 0) yield* activities(paths, options, pairing, ours);
}

async function* activities(
  paths: readonly string[],
  options: LogReaderOptions,
  pairing: LogonPairing,
  ours: ReadonlySet<LogonSession>,
): AsyncGenerator<LogItem> {
  const waiting = new Map<LogonSession, IngestActivity[]>();
  let count = 0;
  for await (const { item } of windowsEvents(paths, options, 2)) {
    if (!item || 'rejected' in item || !isActivity(item.event)) continue;
    const session = pairing.find(item.event);
    if (!session || !ours.has(session)) continue;
    const list = waiting.get(session) ?? [];
    waiting.set(session, list);
    if (list.push(toActivity(item.event)) >= MAX_ACTIVITIES || ++count >= MAX_WAITING) {
      for (const [one, its] of waiting) yield toItem(one, its);
      waiting.clear();
      count = 0;
    }
  }
  for (const session of [...ours].sort((a, b) => a.event.timeMs - b.event.timeMs))
    yield toItem(session, waiting.get(session) ?? []);
}

function isOurs(types: LogonTypes, { data }: WindowsEvent): boolean {
  return types.includes(data.get('LogonType'), data.get('TargetUserSid'));
}

function isActivity({ id }: WindowsEvent): boolean {
  return id !== LOGON && id !== LOGOFF && id !== USER_LOGOFF && !BOOTS.has(id) && !SHUTDOWNS.has(id);
}

function toItem({ position, event, logonId, logoutMs }: LogonSession, its: IngestActivity[]): LogItem {
  const text = (name: string) => cleanText(event.data.get(name) ?? '');
  const computer = cleanText(event.computer);
  if (logonId === '') return { position, rejected: 'a logon without a logon id', raw: describe(event) };
  if (event.timeMs < MIN_INSTANT_MS || event.timeMs > MAX_INSTANT_MS)
    return { position, rejected: 'a logon at a time that no clock shows', raw: describe(event) };
  const domain = text('TargetDomainName');
  const record: IngestRecord = {
    externalId: externalIdOf(`logon:${logonId}:${event.timeMs}`),
    clientGuid: clientGuidOf(computer),
    clientName: cutText(computer, 255),
    userName: text('TargetUserName'),
    ...(domain === '' || domain === '-' ? {} : { userDomain: domain }),
    loginDate: new Date(event.timeMs).toISOString(),
    logoutDate: logoutMs === null ? null : new Date(logoutMs).toISOString(),
    ...(its.length > 0 ? { activities: its } : {}),
  };
  return { position, record };
}

/** The number of the record makes two events of one moment two activities, and leads back to the log. */
function toActivity(event: WindowsEvent): IngestActivity {
  const first = (names: readonly string[]) => names.map((n) => event.data.get(n)).find((v) => v && v !== '-');
  const application = first(APPLICATION_FIELDS);
  const object = first(OBJECT_FIELDS);
  const title = `${event.id} ${EVENT_TITLES.get(event.id) ?? 'Event'}${object ? `: ${object}` : ''}`;
  return {
    at: new Date(event.timeMs).toISOString(),
    ...(application ? { application: cutText(cleanText(application), 255) } : {}),
    title: cutText(cleanText(title), 1024),
    ...(event.record === undefined ? {} : { url: `eventlog:${encodeURIComponent(event.channel)}/${event.record}` }),
    kind: 'event',
  };
}

function rejectedOrphan({ position, event }: Orphan): LogItem {
  const user = JSON.stringify(cleanText(event.data.get('TargetUserName') ?? ''));
  return { position, rejected: `logoff without a logon (user ${user})`, raw: describe(event) };
}

/** What mattered of an event whose own text is gone. */
function describe({ id, computer, timeMs, record, data }: WindowsEvent): string {
  const fields = ['TargetUserName', 'TargetDomainName', 'TargetLogonId', 'LogonType'];
  const shown = Object.fromEntries(fields.flatMap((name) => (data.has(name) ? [[name, data.get(name)]] : [])));
  return JSON.stringify({ id, computer, time: new Date(timeMs).toISOString(), record, ...shown });
}
