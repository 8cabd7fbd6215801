import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { cleanText } from '../../../platform/text/clean-text.js';

/** Called with the number of bytes of the stored file (compressed or not) consumed since the last call. */
export type OnBytes = (more: number) => void;

const CHUNK_BYTES = 128 * 1024;

/**
 * The content of a file, decompressed when it is gzip (RFC 1952; recognised by its first bytes, not by its name).
 *
 * @throws the error of the file system; Error when gzip is cut short or damaged
 */
export async function* fileBytes(path: string, onBytes?: OnBytes): AsyncGenerator<Buffer> {
  const gzip = await isGzip(path);
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  if (onBytes) file.on('data', (chunk) => onBytes(chunk.length));
  if (!gzip) return yield* file as AsyncIterable<Buffer>;
  const gunzip = createGunzip();
  // pipeline() forwards an error of either stream to gunzip; the loop below throws it.
  pipeline(file, gunzip, () => {});
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    if (!(error as { code?: string }).code?.startsWith('Z_')) throw error;
    throw new Error(`${cleanText(basename(path))} is not complete, valid gzip`, { cause: error });
  }
}

/** The content of a text file: UTF-16 (as PowerShell redirects output) becomes UTF-8, and a byte order mark is dropped. */
export async function* textBytes(path: string, onBytes?: OnBytes): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | null | undefined;
  for await (const chunk of fileBytes(path, onBytes)) {
    const first = decoder === undefined;
    if (first) decoder = utf16Decoder(chunk);
    if (decoder) yield Buffer.from(decoder.decode(chunk, { stream: true }));
    else yield first && hasUtf8Mark(chunk) ? chunk.subarray(3) : chunk;
  }
  if (decoder) yield Buffer.from(decoder.decode());
}

/** The first bytes of the content, at most `bytes`. */
export async function contentHead(path: string, bytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of fileBytes(path)) {
    pieces.push(chunk);
    if ((size += chunk.length) >= bytes) break;
  }
  return Buffer.concat(pieces).subarray(0, bytes);
}

/** Prefix of a position: the name of the file when there are several. */
export function fileLabel(paths: readonly string[], path: string): string {
  return paths.length > 1 ? `${cleanText(basename(path))} ` : '';
}

/** Adds up the bytes of several files for one progress bar; `share` is the weight of one of several passes. */
export function byteCounter(onProgress?: (bytes: number) => void, share = 1, before = 0): OnBytes {
  let sum = before;
  return (more) => onProgress?.((sum += more * share));
}

/** A second byte of zero is ASCII in UTF-16 without a byte order mark. */
function utf16Decoder(head: Buffer): TextDecoder | null {
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be');
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] !== 0 && head[1] === 0)) return new TextDecoder('utf-16le');
  return null;
}

function hasUtf8Mark(head: Buffer): boolean {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
}

export async function isGzip(path: string): Promise<boolean> {
  const head = await readHead(path, 2);
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** The first bytes of a text as UTF-8 without a byte order mark. */
export function toUtf8(head: Buffer): Buffer {
  const decoder = utf16Decoder(head);
  if (decoder) return Buffer.from(decoder.decode(head, { stream: true }));
  return hasUtf8Mark(head) ? head.subarray(3) : head;
}

async function readHead(path: string, bytes: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
