import { InstantSyntaxError, parseInstant } from '../../../platform/time/parse-instant.js';
import { TimeZone } from '../../../platform/time/time-zone.js';
import type { EventOrReason } from './windows-event.js';

const UTC = new TimeZone('UTC');
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const ATTRIBUTE = /\s(Name|SystemTime)\s*=\s*(?:"([^"]*)"|'([^']*)')/;
const TEXTS = new Set(['EventID', 'Computer', 'EventRecordID', 'Channel']);

/**
 * Reads the XML of one event, as `wevtutil` and `ToXml()` write it ("Event Schema" of Microsoft's Windows Event Log
 * documentation), in time proportional to its length. This is not an XML parser: the schema fixes the form, and markup within
 * fields is escaped.
 */
export function eventOfXml(xml: string): EventOrReason {
  const { texts, systemTime, data } = collect(xml);
  const text = (name: string) => decode(texts.get(name) ?? '').trim();
  const id = text('EventID');
  if (!/^\d{1,5}$/.test(id)) return { rejected: 'an event without an id' };
  const computer = text('Computer');
  if (computer === '') return { rejected: `event ${id} names no computer` };
  const timeMs = readUtc(systemTime);
  if (timeMs === null) return { rejected: `event ${id} has no time that can be read` };
  const record = text('EventRecordID');
  return {
    event: {
      ...{ id: Number(id), computer, timeMs, channel: text('Channel').toLowerCase(), data },
      record: /^\d{1,15}$/.test(record) ? Number(record) : undefined,
    },
  };
}

/** The first of each element that an event has once, and all `Data`. */
function collect(xml: string) {
  const texts = new Map<string, string>();
  const data = new Map<string, string>();
  let systemTime: string | undefined;
  for (const { name, tag, text } of leaves(xml)) {
    if (name === 'Data') data.set(decode(attribute(tag) ?? ''), decode(text));
    else if (name === 'TimeCreated') systemTime ??= attribute(tag);
    else if (TEXTS.has(name) && !texts.has(name)) texts.set(name, text);
  }
  return { texts, data, systemTime: systemTime ?? '' };
}

interface Leaf {
  readonly name: string;
  /** The start tag without its brackets. */
  readonly tag: string;
  readonly text: string;
}

/** The elements without child elements, in order. */
function* leaves(xml: string): Generator<Leaf> {
  for (let open = xml.indexOf('<'); open >= 0;) {
    const close = endOfTag(xml, open);
    if (close < 0) return;
    const tag = xml.slice(open + 1, close);
    const name = /^[^\s/]*/.exec(tag)![0];
    open = xml.indexOf('<', close);
    if (tag.endsWith('/')) yield { name, tag, text: '' };
    else if (name !== '' && open >= 0 && xml.startsWith(`</${name}>`, open))
      yield { name, tag, text: xml.slice(close + 1, open) };
  }
}

/** Index of the `>` that ends a tag, outside of quotes; -1 without one. */
function endOfTag(xml: string, from: number): number {
  let quote = '';
  for (let i = from; i < xml.length; i++) {
    const character = xml[i]!;
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return i;
  }
  return -1;
}

function attribute(tag: string): string | undefined {
  const match = ATTRIBUTE.exec(tag);
  return match ? (match[2] ?? match[3]) : undefined;
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
