import { MAX_INSTANT_MS, MIN_INSTANT_MS } from '../../../platform/time/instant.js';
import type { IngestActivity, IngestRecord } from '../../ingestion/pipeline/ingest-record.js';
import { cleanText } from '../../../platform/text/clean-text.js';
import { clientGuidOf, cutText, externalIdOf } from '../client-guid.js';
import type { LogItem, LogReaderOptions } from '../log-reader.js';
import { fileLabel } from '../reading/file-bytes.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import { EventClock } from './event-clock.js';
import { windowsEvents } from './event-files.js';
import { LogonPairing, type LogonSession, type Orphan } from './logon-pairing.js';
import { logonOrigin } from './logon-origin.js';
import { LogonTypes } from './logon-types.js';
import { BOOTS, EVENT_TITLES, LOGOFF, LOGON, SHUTDOWNS, USER_LOGOFF, type WindowsEvent } from './windows-event.js';

/** Activities collected before their records are yielded, so that one record holds many of one session. */
const MAX_COLLECTED = 20_000;
const MAX_ACTIVITIES = 1000;
const APPLICATION_FIELDS = ['NewProcessName', 'ProcessName', 'Image', 'Application', 'CallerProcessName'];
const OBJECT_FIELDS = ['ObjectName', 'RelativeTargetName', 'ShareName', 'TargetServerName', 'TaskName', 'ServiceName'];

/**
 * Sessions of the Windows Security log. Event 4624 begins a session; 4634, 4647 or a boot ends it; other events with its
 * logon id are its activities. The files are read twice, once for the bounds of sessions and once for their activities, so
 * that memory holds the sessions but not the events. Events: "Audit logon events" of Microsoft's security auditing
 * reference.
 *
 * @throws RangeError when `options.timeZone` or `options.logonTypes` is invalid
 */
export async function* readWindowsSecurity(
  paths: readonly string[],
  options: LogReaderOptions,
): AsyncGenerator<LogItem> {
  const types = new LogonTypes(options.logonTypes);
  const pairing = new LogonPairing();
  const clocks = openClocks(paths, options);
  for await (const { path, position, item, raw } of windowsEvents(paths, options, 1)) {
    if (!item) continue;
    if ('rejected' in item) {
      yield { position, rejected: item.rejected, raw };
      continue;
    }
    const clock = clocks.get(path)!;
    clock.observe(item);
    pairing.add(clock.timed(item), position);
  }
  const { sessions, orphans } = pairing.pair();
  for (const orphan of orphans) if (isOurs(types, orphan.event)) yield rejectedOrphan(orphan);
  const ours = new Set(sessions.filter((s) => isOurs(types, s.event)));
  for (const session of sessions) if (!ours.has(session)) types.leaveOut(session.event.data.get('LogonType'));
  noteReading(options, clocks, types);
  if (ours.size > 0) yield* activities(paths, options, { pairing, ours, clocks });
}

/** One for each file, since files may come from collectors in different zones. */
function openClocks(paths: readonly string[], { timeZone, isZoneGiven }: LogReaderOptions): Clocks {
  const zone = isZoneGiven ? new TimeZone(timeZone) : undefined;
  return new Map(paths.map((path) => [path, new EventClock(zone)]));
}

function noteReading({ onNote }: LogReaderOptions, clocks: Clocks, types: LogonTypes): void {
  for (const [path, { remark }] of clocks)
    if (remark !== undefined) onNote?.({ kind: 'remark', text: `${fileLabel([...clocks.keys()], path)}${remark}` });
  if (types.remark !== undefined) onNote?.({ kind: 'remark', text: types.remark });
}

type Clocks = ReadonlyMap<string, EventClock>;

interface PairedLog {
  readonly pairing: LogonPairing;
  /** The sessions to import. */
  readonly ours: ReadonlySet<LogonSession>;
  readonly clocks: Clocks;
}

async function* activities(
  paths: readonly string[],
  options: LogReaderOptions,
  { pairing, ours, clocks }: PairedLog,
): AsyncGenerator<LogItem> {
  const collected = new Map<LogonSession, IngestActivity[]>();
  let count = 0;
  for await (const { path, item } of windowsEvents(paths, options, 2)) {
    if (!item || 'rejected' in item || !isActivity(item.event)) continue;
    const event = clocks.get(path)!.timed(item);
    const session = pairing.find(event);
    if (!session || !ours.has(session)) continue;
    const list = collected.get(session) ?? [];
    collected.set(session, list);
    if (list.push(toActivity(event)) >= MAX_ACTIVITIES || ++count >= MAX_COLLECTED) {
      for (const [one, its] of collected) yield toItem(one, its);
      collected.clear();
      count = 0;
    }
  }
  for (const session of [...ours].sort((a, b) => a.event.timeMs - b.event.timeMs))
    yield toItem(session, collected.get(session) ?? []);
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
    return { position, rejected: 'the time of the logon is out of range', raw: describe(event) };
  const domain = text('TargetDomainName');
  const record: IngestRecord = {
    externalId: externalIdOf(`logon:${logonId}:${event.timeMs}`),
    clientGuid: clientGuidOf(computer),
    clientName: cutText(computer, 255),
    userName: text('TargetUserName'),
    ...(domain === '' || domain === '-' ? {} : { userDomain: domain }),
    loginDate: new Date(event.timeMs).toISOString(),
    logoutDate: logoutMs === null ? null : new Date(logoutMs).toISOString(),
    ...logonOrigin(event),
    ...(its.length > 0 ? { activities: its } : {}),
  };
  return { position, record };
}

/** The record number keeps two events of the same instant apart, and refers back to the log. */
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

/** The relevant fields of an event, whose original text is no longer there. */
function describe({ id, computer, timeMs, record, data }: WindowsEvent): string {
  const fields = ['TargetUserName', 'TargetDomainName', 'TargetLogonId', 'LogonType'];
  const shown = Object.fromEntries(fields.flatMap((name) => (data.has(name) ? [[name, data.get(name)]] : [])));
  return JSON.stringify({ id, computer, time: new Date(timeMs).toISOString(), record, ...shown });
}
