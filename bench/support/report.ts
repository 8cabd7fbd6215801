/** Prints a Markdown table that can be copied into the documentation. */
export function printTable(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): void {
  console.log(`\n**${title}**\n`);
  console.log(`| ${columns.join(' | ')} |\n|${columns.map(() => '---|').join('')}`);
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
}

/** Prints progress to standard error; it is not part of the report. */
export function printProgress(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}

export const times = (ratio: number) => `${ratio.toFixed(2)} ×`;
export const inMs = (ms: number) => `${ms.toFixed(ms < 100 ? 1 : 0)} ms`;
export const count = (n: number) => Math.round(n).toLocaleString('en');
export const inMiB = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MiB`;
