import { fileBytes, type OnBytes } from '../reading/file-bytes.js';
import { BinXmlReader, type XmlElement } from './bin-xml.js';
import { filetimeMs } from './bin-xml-value.js';
import type { EventOrReason } from './windows-event.js';

/** Format: J. Metz, "Windows XML Event Log (EVTX) format", libevtx, sections 2 and 3. */
const FILE_HEADER_BYTES = 4096;
const CHUNK_BYTES = 65_536;
const FIRST_RECORD = 512;
const RECORD_HEADER_BYTES = 24;
const RECORD_SIGNATURE = 0x2a2a;

export const EVTX_SIGNATURE = Buffer.from('ElfFile\0', 'latin1');
const CHUNK_SIGNATURE = Buffer.from('ElfChnk\0', 'latin1');

export interface EvtxItem {
  readonly place: string;
  readonly item: EventOrReason;
}

/**
 * The events of a binary Windows log, a chunk of 64 KiB at a time, whatever the header says about how many there are: a
 * log that was copied while it was open has an old header. A damaged record or chunk is told, and harms no other.
 */
export async function* evtxEvents(path: string, onBytes?: OnBytes): AsyncGenerator<EvtxItem> {
  let number = 0;
  for await (const chunk of chunks(fileBytes(path, onBytes))) {
    const place = `chunk ${++number}`;
    if (chunk.subarray(0, 8).equals(CHUNK_SIGNATURE)) yield* chunkEvents(chunk, place);
    else if (!chunk.every((byte) => byte === 0)) yield { place, item: { rejected: 'no chunk of an event log' } };
  }
}

/** Whole ones; a shorter last one is given as it is. */
async function* chunks(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let skip = FILE_HEADER_BYTES;
  for await (const piece of bytes) {
    rest = Buffer.concat([rest, piece.subarray(skip)]);
    skip = Math.max(0, skip - piece.length);
    for (; rest.length >= CHUNK_BYTES; rest = rest.subarray(CHUNK_BYTES)) yield rest.subarray(0, CHUNK_BYTES);
  }
  if (rest.length > 0) yield rest;
}

/** What follows the last record in a chunk is of an earlier use of the file. */
function* chunkEvents(chunk: Buffer, place: string): Generator<EvtxItem> {
  const end = chunk.length >= FIRST_RECORD ? Math.min(chunk.readUInt32LE(48), chunk.length) : 0;
  for (let at = FIRST_RECORD; at + RECORD_HEADER_BYTES < end;) {
    const size = chunk.readUInt32LE(at + 4);
    if (chunk.readUInt32LE(at) !== RECORD_SIGNATURE || size <= RECORD_HEADER_BYTES || at + size > end) {
      return yield {
        place: `${place} at byte ${at}`,
        item: { rejected: 'a damaged record; the rest of the chunk is lost' },
      };
    }
    yield { place: `record ${chunk.readBigUInt64LE(at + 8)}`, item: readRecord(chunk, at) };
    at += size;
  }
}

function readRecord(chunk: Buffer, at: number): EventOrReason {
  try {
    const root = new BinXmlReader(chunk).fragment(at + RECORD_HEADER_BYTES);
    return toEvent(root, chunk.readBigUInt64LE(at + 8), filetimeMs(chunk.readBigUInt64LE(at + 16)));
  } catch (error) {
    // By name: the error of a Buffer may come from another realm.
    const { name, message } = error as Error;
    if (name === 'RangeError') return { rejected: `a damaged record: ${message}` };
    throw error;
  }
}

/** The time in the event is when it happened; the record's own is when it was written, and stands in for a missing one. */
function toEvent(root: XmlElement, record: bigint, writtenMs: number): EventOrReason {
  const event = child(root, 'Event');
  const system = child(event, 'System');
  const id = Number(child(system, 'EventID')?.text);
  const computer = child(system, 'Computer')?.text ?? '';
  if (!Number.isInteger(id)) return { rejected: 'an event without a number' };
  if (computer === '') return { rejected: `event ${id} names no computer` };
  const created = Date.parse(child(system, 'TimeCreated')?.attributes.get('SystemTime') ?? '');
  const data = child(event, 'EventData')?.children ?? [];
  return {
    event: {
      ...{ id, computer, timeMs: Number.isNaN(created) ? writtenMs : created, record: Number(record) },
      channel: (child(system, 'Channel')?.text ?? '').toLowerCase(),
      data: new Map(data.map((d) => [d.attributes.get('Name') ?? '', d.text])),
    },
  };
}

function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((c) => c.name === name);
}
