import { stat } from 'node:fs/promises';
import type { TimeZone } from '../../../platform/time/time-zone.js';
import { byteCounter, contentHead, fileLabel, type OnBytes, textBytes } from '../reading/file-bytes.js';
import { MAX_LINE_BYTES } from '../reading/file-lines.js';
import { TOO_LARGE } from '../reading/json-lines.js';
import { FormatCheck } from '../reading/format-check.js';
import { LogZone } from '../reading/log-zone.js';
import { jsonObjects } from '../reading/json-values.js';
import type { LogReaderOptions } from '../log-reader.js';
import { eventOfJson } from './event-json.js';
import { eventOfXml } from './event-xml.js';
import { EVTX_SIGNATURE, evtxEvents } from './evtx/evtx-file.js';
import type { EventOrReason } from './windows-event.js';

export interface PlacedEvent {
  readonly path: string;
  readonly position: string;
  readonly item: EventOrReason;
  readonly raw?: string;
}

const PASSES = 2;
const HEAD_BYTES = 4096;
const XML_BEGINNING = /^\s*</;
const EVENT_BEGINNING = /<Event[\s>]/;
const EVENT_END = '</Event>';
const NOT_XML_EVENTS = 'XML without events';

/** The events of Windows logs in any supported format. The first bytes of each file tell its format. */
export async function* windowsEvents(
  paths: readonly string[],
  options: LogReaderOptions,
  pass: 1 | 2,
): AsyncGenerator<PlacedEvent> {
  const zone = new LogZone(pass === 1 ? options : { ...options, onNote: undefined });
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  const before = ((pass - 1) * sizes.reduce((a, b) => a + b, 0)) / PASSES;
  const onBytes = byteCounter(options.onProgress, 1 / PASSES, before);
  for (const path of paths) {
    const label = fileLabel(paths, path);
    const check = new FormatCheck(path, FORMAT);
    for await (const event of fileEvents(path, zone, onBytes)) {
      if (check.isWrongAfter(event)) await check.fail();
      yield { ...event, path, position: `${label}${event.position}` };
    }
    await check.end();
  }
}

type FileEvent = Omit<PlacedEvent, 'path'>;

/** Objects of other software may occur between the events; a file with only such objects has another format. */
const FORMAT = {
  name: 'a Windows Security log (.evtx, or events as XML or JSON)',
  matches: ({ item, raw }: FileEvent) => {
    if (item && 'event' in item) return true;
    const isOtherText = item?.rejected === NOT_XML_EVENTS || (raw !== undefined && !/^\s*[{<]/.test(raw));
    return item === undefined || isOtherText ? false : undefined;
  },
};

async function* fileEvents(path: string, zone: TimeZone, onBytes: OnBytes): AsyncGenerator<FileEvent> {
  const head = await contentHead(path, HEAD_BYTES);
  if (head.subarray(0, EVTX_SIGNATURE.length).equals(EVTX_SIGNATURE)) {
    for await (const { place, item } of evtxEvents(path, onBytes)) yield { position: place, item };
  } else if (XML_BEGINNING.test(head.toString('utf8').replace(/[\0\ufeff\ufffd]/g, ''))) {
    yield* xmlEvents(textBytes(path, onBytes));
  } else {
    for await (const line of jsonObjects([path], onBytes)) {
      const item = 'rejected' in line ? { rejected: line.rejected } : eventOfJson(line.value, zone);
      yield { position: line.position, item, raw: line.raw };
    }
  }
}

/** A sequence of `<Event>` elements, with or without a root element. */
async function* xmlEvents(chunks: AsyncIterable<Buffer>): AsyncGenerator<FileEvent> {
  const decoder = new TextDecoder();
  let text = '';
  let number = 0;
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf(EVENT_END); end >= 0; end = text.indexOf(EVENT_END)) {
      const raw = text.slice(0, end + EVENT_END.length);
      text = text.slice(end + EVENT_END.length);
      yield {
        position: `event ${++number}`,
        item: eventOfXml(raw.slice(Math.max(0, raw.search(EVENT_BEGINNING)))),
        raw,
      };
    }
    if (text.length > MAX_LINE_BYTES) {
      yield { position: `event ${++number}`, item: { rejected: TOO_LARGE } };
      text = '';
    }
  }
  if (EVENT_BEGINNING.test(text))
    yield { position: `event ${number + 1}`, item: { rejected: 'an event that is cut short' }, raw: text };
  else if (number === 0) yield { position: 'the file', item: { rejected: NOT_XML_EVENTS } };
}
