import { readFileSync } from 'node:fs';

/** The file of `deploy` with other values. @throws Error when one of the texts to be replaced is not in the file */
export function adapted(file: string, changes: Readonly<Record<string, string>>): string {
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of Object.entries(changes)) {
    if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}
