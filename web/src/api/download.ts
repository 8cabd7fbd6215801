import { call } from './client.js';
import type { Query } from './query.js';

/**
 * Loads everything that a list answers as CSV and hands it to the browser as a file. A link would not do, because the call
 * needs a header.
 */
export async function downloadCsv(
  path: string,
  query: Query,
  name: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const response = await call('GET', path, { query, accept: 'text/csv', signal });
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for (const reader = response.body!.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    onBytes((bytes += value.length));
  }
  saveFile(new Blob(parts, { type: 'text/csv' }), name);
}

export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has its own reference by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
