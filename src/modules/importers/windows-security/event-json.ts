import { InstantSyntaxError, parseInstant } from '../../../platform/time/parse-instant.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import { eventOfXml } from './event-xml.js';
import { PROPERTY_NAMES } from './property-names.js';
import type { EventOrReason } from './windows-event.js';

type Fields = Readonly<Record<string, unknown>>;

/** `/Date(1575510571000)/`, as Windows PowerShell 5.1 writes a date; an offset in it does not change the instant. */
const NET_DATE = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/;
const UTC = new TimeZone('UTC');
const LOCAL_DATE = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?) ?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * An event in one of the common JSON forms: nested (Winlogbeat, and its documents exported from Elasticsearch), flat (NXLog),
 * `Get-WinEvent | ConvertTo-Json`, and the event's XML as JSON (evtx_dump and others). Event fields: [MS-EVEN6], and
 * "Event Schema" of Microsoft's Windows Event Log documentation.
 *
 * @param zone of stamps without an offset
 */
export function eventOfJson(value: unknown, zone: TimeZone): EventOrReason {
  if (!isObject(value)) return { rejected: 'not a JSON object' };
  const fields = isObject(value['_source']) ? value['_source'] : value;
  if (isObject(fields['Event'])) return fromTree(fields['Event'], zone);
  const xml = fields['Xml'] ?? fields['xml'] ?? fields['EventXml'];
  if (typeof xml === 'string' && xml.includes('<Event')) return eventOfXml(xml);
  if (isObject(fields['winlog'])) return fromWinlogbeat(fields, fields['winlog'], zone);
  if ('event_data' in fields || 'event_id' in fields) return fromWinlogbeat(fields, fields, zone);
  if ('EventID' in fields) return fromNxlog(fields, zone);
  if ('Id' in fields && ('Properties' in fields || 'ProviderName' in fields || 'MachineName' in fields))
    return fromPowerShell(fields, zone);
  return undefined;
}

function fromWinlogbeat(fields: Fields, winlog: Fields, zone: TimeZone): EventOrReason {
  const host = isObject(fields['host']) ? fields['host']['name'] : (fields['host.name'] ?? fields['host']);
  return build(
    {
      id: winlog['event_id'] ?? (isObject(fields['event']) ? fields['event']['code'] : undefined),
      computer: winlog['computer_name'] ?? host,
      times: [fields['@timestamp']],
      channel: winlog['channel'] ?? winlog['log_name'],
      record: winlog['record_id'] ?? winlog['record_number'],
      data: isObject(winlog['event_data']) ? entries(winlog['event_data']) : [],
    },
    zone,
  );
}

/**
 * NXLog (im_msvistalog, NXLog User Guide): EventTime is when the event happened, in local time and in most versions without
 * an offset; `@timestamp` is set by a collector when it receives the event.
 */
function fromNxlog(fields: Fields, zone: TimeZone): EventOrReason {
  const id = isObject(fields['EventID']) ? fields['EventID']['#text'] : fields['EventID'];
  const { EventTime: eventTime, TimeCreated: created, '@timestamp': stamp } = fields;
  const isLocal = typeof eventTime === 'string' && LOCAL_DATE.exec(eventTime.trim())?.[3] === undefined;
  const ownMs = readTime(eventTime, UTC);
  const item = build(
    {
      ...{ id, computer: fields['Hostname'] ?? fields['Computer'] ?? fields['hostname'] },
      times: isLocal || ownMs === null ? [stamp, created, eventTime] : [eventTime],
      ...{ channel: fields['Channel'], record: fields['RecordNumber'] ?? fields['EventRecordID'] },
      data: entries(fields),
    },
    zone,
  );
  if (!item || 'rejected' in item || ownMs === null) return item;
  if (!isLocal) return { ...item, hasOwnTime: true };
  return isMissing(stamp) ? item : { ...item, localMs: ownMs };
}

function fromPowerShell(fields: Fields, zone: TimeZone): EventOrReason {
  const names = PROPERTY_NAMES.get(Number(fields['Id'])) ?? [];
  const properties = Array.isArray(fields['Properties']) ? (fields['Properties'] as unknown[]) : [];
  return build(
    {
      ...{ id: fields['Id'], computer: fields['MachineName'], times: [fields['TimeCreated']] },
      ...{ channel: fields['LogName'], record: fields['RecordId'] },
      data: names.map((name, i) => [name, text(unwrap(properties[i]))] as const),
    },
    zone,
  );
}

/** The XML of an event as JSON: attributes and text are under names that differ between tools. */
function fromTree(event: Fields, zone: TimeZone): EventOrReason {
  const system = isObject(event['System']) ? event['System'] : {};
  const created = system['TimeCreated'];
  const eventData = isObject(event['EventData']) ? event['EventData'] : {};
  const list = eventData['Data'];
  const named = Array.isArray(list) && list.every(isObject);
  return build(
    {
      ...{ id: leaf(system['EventID']), computer: leaf(system['Computer']), times: [attribute(created, 'SystemTime')] },
      ...{ channel: leaf(system['Channel']), record: leaf(system['EventRecordID']) },
      data: named
        ? list.map((d) => [text(attribute(d, 'Name')), text(leaf(d))] as const)
        : Object.entries(eventData).map(([name, value]) => [name, text(leaf(value))] as const),
    },
    zone,
  );
}

interface Parts {
  readonly id: unknown;
  readonly computer: unknown;
  /** The first one that is not missing is used. */
  readonly times: readonly unknown[];
  readonly channel: unknown;
  readonly record: unknown;
  readonly data: Iterable<readonly [string, string]>;
}

function build({ id, computer, times, channel, record, data }: Parts, zone: TimeZone): EventOrReason {
  if (!/^\d{1,5}$/.test(text(id))) return { rejected: 'an event without an id' };
  if (text(computer) === '') return { rejected: `event ${text(id)} names no computer` };
  const time = times.find((t) => !isMissing(t));
  const timeMs = readTime(time, zone);
  if (timeMs === null) return { rejected: `event ${text(id)} has no time that can be read` };
  return {
    event: {
      ...{ id: Number(text(id)), computer: text(computer), timeMs, channel: text(channel).toLowerCase() },
      record: /^\d{1,15}$/.test(text(record)) ? Number(text(record)) : undefined,
      data: new Map(data),
    },
  };
}

const isMissing = (value: unknown) => value === undefined || value === null || value === '';

/** @returns milliseconds since 1970, or null */
function readTime(time: unknown, zone: TimeZone): number | null {
  // Windows PowerShell wraps a date with note properties: { value: "/Date(…)/", DateTime: "…" }.
  if (isObject(time)) return readTime(time['value'], zone);
  const date = typeof time === 'string' ? time.trim() : '';
  const net = NET_DATE.exec(date);
  if (net) return Number(net[1]);
  const local = LOCAL_DATE.exec(date);
  if (!local) return null;
  const [, day, clock, offset = ''] = local;
  try {
    return parseInstant(`${day}T${clock!.replace(',', '.')}${offset.replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2')}`, zone);
  } catch (error) {
    if (error instanceof InstantSyntaxError) return null;
    throw error;
  }
}

const entries = (fields: Fields) => Object.entries(fields).map(([name, value]) => [name, text(value)] as const);

/** PowerShell writes a property as { Value }, and a SID in it as { BinaryLength, AccountDomainSid, Value }. */
function unwrap(property: unknown): unknown {
  return isObject(property) ? unwrap(property['Value']) : property;
}

/** The text of an element, which may have attributes beside it. */
function leaf(element: unknown): unknown {
  return isObject(element) ? (element['#text'] ?? element['_'] ?? element['Text'] ?? '') : element;
}

function attribute(element: unknown, name: string): unknown {
  if (!isObject(element)) return undefined;
  const attributes = element['#attributes'] ?? element['$'] ?? element;
  return isObject(attributes) ? (attributes[name] ?? attributes[`@${name}`]) : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'bigint'
      ? String(value)
      : '';
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
