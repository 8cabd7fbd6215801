import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** The lines of a text file, numbered from 1, in constant memory. */
export async function* fileLines(
  path: string,
  onProgress?: (bytes: number) => void,
): AsyncGenerator<{ text: string; number: number }> {
  const stream = createReadStream(path);
  let number = 0;
  for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) {
    number++;
    if (number % 1000 === 0) onProgress?.(stream.bytesRead);
    yield { text, number };
  }
  onProgress?.(stream.bytesRead);
}
