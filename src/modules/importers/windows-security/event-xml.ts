import { InstantSyntaxError, parseInstant } from '../../../platform/time/parse-instant.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import type { EventOrReason } from './windows-event.js';

const UTC = new TimeZone('UTC');
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const DATA = /<Data(?:\s+Name\s*=\s*(?:"([^"]*)"|'([^']*)'))?\s*(?:\/>|>([^<]*)<\/Data>)/g;

/**
 * Reads the XML of one event, as `wevtutil` and `ToXml()` write it ("Event Schema" of Microsoft's Windows Event Log
 * documentation). This is not an XML parser: the schema fixes the form, and markup within fields is escaped.
 */
export function eventOfXml(xml: string): EventOrReason {
  const id = element(xml, 'EventID');
  if (!/^\d{1,5}$/.test(id)) return { rejected: 'an event without an id' };
  const computer = element(xml, 'Computer');
  if (computer === '') return { rejected: `event ${id} names no computer` };
  const created = /<TimeCreated\s[^>]*SystemTime\s*=\s*["']([^"']*)["']/.exec(xml)?.[1] ?? '';
  const timeMs = readUtc(created);
  if (timeMs === null) return { rejected: `event ${id} has no time that can be read` };
  const record = element(xml, 'EventRecordID');
  const data = new Map<string, string>();
  for (const [, double, single, value] of xml.matchAll(DATA))
    data.set(decode(double ?? single ?? ''), decode(value ?? ''));
  return {
    event: {
      ...{ id: Number(id), computer, timeMs, channel: element(xml, 'Channel').toLowerCase(), data },
      record: /^\d{1,15}$/.test(record) ? Number(record) : undefined,
    },
  };
}

/** @returns an empty string if there is none */
function element(xml: string, name: string): string {
  return decode(new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`).exec(xml)?.[1] ?? '').trim();
}

function readUtc(text: string): number | null {
  try {
    return parseInstant(text, UTC);
  } catch (error) {
    if (error instanceof InstantSyntaxError) return null;
    throw error;
  }
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (all, decimal, hex, name) => {
    if (name) return NAMED[String(name).toLowerCase()] ?? all;
    const code = decimal ? Number(decimal) : parseInt(hex as string, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
