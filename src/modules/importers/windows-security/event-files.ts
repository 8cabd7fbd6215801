import { stat } from 'node:fs/promises';
import { TimeZone } from '../../../platform/time/time-zone.js';
import { byteCounter, contentHead, fileLabel, type OnBytes, textBytes } from '../reading/file-bytes.js';
import { MAX_LINE_BYTES } from '../reading/file-lines.js';
import { TOO_LARGE } from '../reading/json-lines.js';
import { jsonObjects } from '../reading/json-values.js';
import type { LogReaderOptions } from '../log-reader.js';
import { eventOfJson } from './event-json.js';
import { eventOfXml } from './event-xml.js';
import { EVTX_SIGNATURE, evtxEvents } from './evtx-file.js';
import type { EventOrReason } from './windows-event.js';

export interface PlacedEvent {
  readonly position: string;
  readonly item: EventOrReason;
  readonly raw?: string;
}

const PASSES = 2;
const HEAD_BYTES = 4096;
const XML_BEGINNING = /^\s*</;
const EVENT_BEGINNING = /<Event[\s>]/;
const EVENT_END = '</Event>';

/** The events of Windows logs in any of the forms that are read; what form a file has is told by how it begins. */
export async function* windowsEvents(
  paths: readonly string[],
  { timeZone, onProgress }: LogReaderOptions,
  pass: 1 | 2,
): AsyncGenerator<PlacedEvent> {
  const zone = new TimeZone(timeZone);
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  const before = ((pass - 1) * sizes.reduce((a, b) => a + b, 0)) / PASSES;
  const onBytes = byteCounter(onProgress, 1 / PASSES, before);
  for (const path of paths) yield* fileEvents(path, fileLabel(paths, path), zone, onBytes);
}

async function* fileEvents(path: string, label: string, zone: TimeZone, onBytes: OnBytes): AsyncGenerator<PlacedEvent> {
  const head = await contentHead(path, HEAD_BYTES);
  if (head.subarray(0, EVTX_SIGNATURE.length).equals(EVTX_SIGNATURE)) {
    for await (const { place, item } of evtxEvents(path, onBytes)) yield { position: `${label}${place}`, item };
  } else if (XML_BEGINNING.test(head.toString('utf8').replace(/[\0\ufeff\ufffd]/g, ''))) {
    for await (const event of xmlEvents(textBytes(path, onBytes)))
      yield { ...event, position: `${label}${event.position}` };
  } else {
    for await (const line of jsonObjects([path], onBytes)) {
      const position = `${label}${line.position}`;
      const item = 'rejected' in line ? { rejected: line.rejected } : eventOfJson(line.value, zone);
      yield { position, item, raw: line.raw };
    }
  }
}

/** One `<Event>` after the other, with or without a root around them. */
async function* xmlEvents(chunks: AsyncIterable<Buffer>): AsyncGenerator<PlacedEvent> {
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
}
