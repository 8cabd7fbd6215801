import { readFileSync } from 'node:fs';

/** The commands of a section of README.md, in the order of its indented blocks. */
export function readmeCommands(section: string): string[] {
  const text = readFileSync('README.md', 'utf8')
    .split(/^## /m)
    .find((part) => part.startsWith(`${section}\n`));
  if (text === undefined) throw new Error(`README.md has no section ${section}`);
  return [...text.matchAll(/^ {4}(\S.*)$/gm)].map(([, command]) => command!);
}

/** @throws Error when `from` is not in the text, because then the documentation has changed */
export function replaceOnce(text: string, from: string, to: string): string {
  if (text.split(from).length !== 2) throw new Error(`not exactly once: ${from}`);
  return text.replace(from, () => to);
}
