import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { contentHead } from '../../modules/importers/reading/file-bytes.js';
import { ImportProgress } from './import-progress.js';

/** Name of standard input on the command line. */
const STANDARD_INPUT = '-';

export interface ImportInputs {
  /** Regular files, in the order of the command line. */
  readonly paths: readonly string[];
  /** Bytes as stored. */
  readonly totalBytes: number;
  /** Names of inputs without content. */
  readonly empty: readonly string[];
  /** The last input was a pipe, so its file has the date of its copy. */
  readonly isDateOfCopy: boolean;
}

/**
 * Makes every input a regular file, because several formats are read twice: standard input and pipes are copied to a private
 * temporary folder, which is removed after the work.
 *
 * @throws Error when an input is missing or a folder; AbortError when `stop` is signalled while copying
 */
export async function withInputs<T>(
  files: readonly string[],
  stop: AbortSignal,
  work: (inputs: ImportInputs) => Promise<T>,
): Promise<T> {
  if (files.filter((file) => file === STANDARD_INPUT).length > 1)
    throw new Error('Standard input (-) can be given only once.');
  const folder = await mkdtemp(join(tmpdir(), 'session-audit-import-'));
  try {
    const paths: string[] = [];
    for (const file of files) paths.push((await isRegular(file)) ? file : await copy(file, folder, paths.length, stop));
    const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
    const heads = await Promise.all(paths.map((path) => contentHead(path, 1)));
    return await work({
      paths,
      totalBytes: sizes.reduce((sum, size) => sum + size, 0),
      empty: paths.flatMap((path, i) => (heads[i]!.length === 0 ? [basename(path)] : [])),
      isDateOfCopy: paths.at(-1) !== files.at(-1),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function isRegular(file: string): Promise<boolean> {
  if (file === STANDARD_INPUT) return false;
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new Error(`There is no file ${file}.`) : error;
  });
  if (found.isDirectory()) throw new Error(`${file} is a folder; give the files in it.`);
  return found.isFile();
}

async function copy(file: string, folder: string, number: number, stop: AbortSignal): Promise<string> {
  const path = join(folder, file === STANDARD_INPUT ? 'standard-input' : `pipe-${number + 1}`);
  if (file === STANDARD_INPUT && process.stdin.isTTY)
    process.stderr.write('Reading the log from standard input; ctrl-D ends it.\n');
  const progress = new ImportProgress(undefined);
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _, done) {
      progress.update((bytes += chunk.length));
      done(null, chunk);
    },
  });
  try {
    const source = file === STANDARD_INPUT ? process.stdin : createReadStream(file);
    await pipeline(source, count, createWriteStream(path, { mode: 0o600 }), { signal: stop });
  } finally {
    progress.stop();
  }
  return path;
}
