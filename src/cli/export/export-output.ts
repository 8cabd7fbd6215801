import { existsSync } from 'node:fs';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';

/** Name of standard output on the command line. */
export const STANDARD_OUTPUT = '-';

/** Whether an existing file is replaced; `never`: the command has no option for it. */
export type Overwrite = boolean | 'never';

/** Where the bytes of an export go. */
export interface ExportOutput {
  /** Resolves when the bytes were taken, so that only a piece is in memory. */
  write(bytes: Buffer): Promise<void>;
  /** Makes a complete file visible under its name. */
  complete(): Promise<void>;
  /** Removes what was written of a file. */
  discard(): Promise<void>;
}

/** @throws Error when the file exists and must not be replaced, or cannot be written */
export function openOutput(path: string, overwrite: Overwrite): Promise<ExportOutput> {
  return path === STANDARD_OUTPUT ? Promise.resolve(new StandardOutput()) : PartialFile.create(path, overwrite);
}

class StandardOutput implements ExportOutput {
  constructor() {
    // `write` reports errors; without a listener they would end the process.
    process.stdout.on('error', () => undefined);
  }

  write(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      process.stdout.write(bytes, (error) => (error ? reject(unread(error)) : resolve()));
    });
  }

  async complete(): Promise<void> {}

  async discard(): Promise<void> {}
}

/** A file that is written under the name FILE.partial, so that a file with its own name is always complete. */
class PartialFile implements ExportOutput {
  private constructor(
    private readonly path: string,
    private readonly overwrite: Overwrite,
    private readonly handle: FileHandle,
  ) {}

  static async create(path: string, overwrite: Overwrite): Promise<PartialFile> {
    if (overwrite !== true && existsSync(path)) throw existing(path, overwrite);
    // Readable by its owner only: who was where is personal data.
    const handle = await open(partial(path), 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' ? new Error(`${partial(path)} exists: another export may be writing it.`) : error;
    });
    return new PartialFile(path, overwrite, handle);
  }

  write(bytes: Buffer): Promise<void> {
    return this.handle.appendFile(bytes);
  }

  async complete(): Promise<void> {
    await this.handle.sync();
    await this.handle.close();
    if (this.overwrite === true) return rename(partial(this.path), this.path);
    // Unlike a rename, a link fails when the name has been taken in the meantime.
    await link(partial(this.path), this.path).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' ? existing(this.path, this.overwrite) : error;
    });
    await rm(partial(this.path));
  }

  async discard(): Promise<void> {
    await this.handle.close();
    await rm(partial(this.path), { force: true });
  }
}

function unread(cause: Error & { readonly code?: string }): Error {
  return cause.code === 'EPIPE' ? new Error('Nothing reads the output any more.', { cause }) : cause;
}

function partial(path: string): string {
  return `${path}.partial`;
}

function existing(path: string, overwrite: Overwrite): Error {
  return new Error(overwrite === 'never' ? `${path} exists.` : `${path} exists. --overwrite replaces it.`);
}
