import { fileBytes, type OnBytes } from '../../reading/file-bytes.js';
import { BinXmlReader, type XmlElement } from './bin-xml.js';
import { filetimeMs } from './bin-xml-value.js';
import { WORK_OF_CHUNK, WORK_OF_RECORD, WorkBudget } from './work-budget.js';
import type { EventOrReason } from '../windows-event.js';

/** Format: J. Metz, "Windows XML Event Log (EVTX) format", libevtx, sections 2 and 3; [MS-EVEN6], section 2.2.12. */
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
 * The events of a binary Windows log, one chunk of 64 KiB after the other. The number of chunks in the file header is not
 * used: a log that was copied while it was open has an old header. A damaged record or chunk is rejected with its place;
 * the others are read.
 */
export async function* evtxEvents(path: string, onBytes?: OnBytes): AsyncGenerator<EvtxItem> {
  let number = 0;
  for await (const chunk of chunks(fileBytes(path, onBytes))) {
    const place = `chunk ${++number}`;
    if (chunk.subarray(0, 8).equals(CHUNK_SIGNATURE)) yield* chunkEvents(chunk, place);
    else if (!chunk.every((byte) => byte === 0)) yield { place, item: { rejected: 'not a chunk of an event log' } };
  }
}

/** Chunks of CHUNK_BYTES; only the last one may be shorter. */
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

/**
 * The records of a chunk. Bytes after the last record are left over from an earlier use of the file. A record whose header
 * is damaged does not say where the next one begins, so that one is searched for.
 */
export function* chunkEvents(chunk: Buffer, place: string): Generator<EvtxItem> {
  const budget = new WorkBudget(WORK_OF_CHUNK);
  const end = chunk.length >= FIRST_RECORD ? Math.min(chunk.readUInt32LE(48), chunk.length) : 0;
  for (let at = FIRST_RECORD; at + RECORD_HEADER_BYTES < end;) {
    const size = recordSize(chunk, at, end);
    if (size > 0) {
      yield { place: `record ${chunk.readBigUInt64LE(at + 8)}`, item: readRecord(chunk, at, budget) };
      at += size;
      continue;
    }
    const next = nextRecord(chunk, at + 1, end);
    const lost = next < end ? 'the next record was found' : 'no further record was found in this chunk';
    yield { place: `${place} at byte ${at}`, item: { rejected: `a damaged record header; ${lost}` } };
    at = next;
  }
}

/** Size in bytes of the record at an offset; 0 when no record that fits the chunk begins there. */
function recordSize(chunk: Buffer, at: number, end: number): number {
  const size = chunk.readUInt32LE(at + 4);
  const isRecord = chunk.readUInt32LE(at) === RECORD_SIGNATURE;
  return isRecord && size > RECORD_HEADER_BYTES && at + size <= end ? size : 0;
}

/** Offset of the next complete record, which has its size both at its start and at its end; otherwise `end`. */
function nextRecord(chunk: Buffer, from: number, end: number): number {
  const signature = Buffer.from([RECORD_SIGNATURE & 0xff, RECORD_SIGNATURE >> 8, 0, 0]);
  for (let at = chunk.indexOf(signature, from); at >= 0 && at + RECORD_HEADER_BYTES < end;) {
    const size = recordSize(chunk, at, end);
    if (size > 0 && chunk.readUInt32LE(at + size - 4) === size) return at;
    at = chunk.indexOf(signature, at + 1);
  }
  return end;
}

function readRecord(chunk: Buffer, at: number, ofChunk: WorkBudget): EventOrReason {
  try {
    const root = new BinXmlReader(chunk, new WorkBudget(WORK_OF_RECORD, ofChunk)).fragment(at + RECORD_HEADER_BYTES);
    return toEvent(root, chunk.readBigUInt64LE(at + 8), filetimeMs(chunk.readBigUInt64LE(at + 16)));
  } catch (error) {
    // Compared by name, because an error thrown by Buffer may belong to another realm (Jest).
    const { name, message } = error as Error;
    if (name === 'RangeError') return { rejected: `a damaged record: ${message}` };
    throw error;
  }
}

/** TimeCreated of the event is when it happened. The time in the record header is when it was written, and replaces a missing one. */
function toEvent(root: XmlElement, record: bigint, writtenMs: number): EventOrReason {
  const event = child(root, 'Event');
  const system = child(event, 'System');
  const id = Number(child(system, 'EventID')?.text);
  const computer = child(system, 'Computer')?.text ?? '';
  if (!Number.isInteger(id)) return { rejected: 'an event without an id' };
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
