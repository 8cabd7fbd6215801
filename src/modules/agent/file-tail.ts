import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AgentLogger } from './agent-logger.js';

/** A position in a log: the file, identified by inode and first bytes, and the number of bytes read. */
export interface TailState {
  readonly inode: string;
  readonly offset: number;
  /** Digest of the first `headBytes`; a different digest means a different file, even with the same inode. */
  readonly head: string;
  readonly headBytes: number;
  /** Modification time in milliseconds since 1970, used to find newer files. */
  readonly mtimeMs?: number;
}

/** Consumes whole lines or records from the bytes. At the end of a file it receives all remaining bytes. @returns bytes consumed */
export type TakeBytes = (bytes: Buffer, last: boolean) => number;

const READ_BYTES = 1024 * 1024;
const HEAD_BYTES = 256;

/**
 * Reads a growing log file across rotations. A renamed file is read to its end before its successor, and after a long
 * pause all files in between are read. A file that was copied and truncated is read from its start.
 */
export class FileTail {
  private file: FileHandle | undefined;
  private inode = '';
  private offset = 0;
  /** The first bytes as they were read; read again later, they might belong to the next file. */
  private head: Buffer = Buffer.alloc(0);
  /** Monotonic time in milliseconds since when the file has a successor and has not grown. */
  private idleSince: number | undefined;

  /** @param graceMs time in which the writer may still append to a renamed file */
  constructor(
    private readonly path: string,
    private readonly graceMs: number,
    private readonly logger: AgentLogger,
    private before?: TailState,
  ) {}

  /**
   * Passes at most one megabyte to `take`.
   *
   * @returns whether more data may be available immediately
   */
  async poll(take: TakeBytes): Promise<boolean> {
    this.file ??= await this.locate();
    if (!this.file) return false;
    const bytes = await this.read();
    // Checked after the read: if the file is unchanged now, it was unchanged during the read.
    if (await this.wasTruncated()) {
      this.before = await this.state();
      await this.close();
      return true;
    }
    let taken = take(bytes, false);
    if (taken === 0 && bytes.length === READ_BYTES) {
      this.logger.warn(`a line of more than ${READ_BYTES} bytes in ${this.path} was skipped`);
      taken = bytes.length;
    }
    this.offset += taken;
    this.head = Buffer.concat([this.head, bytes.subarray(0, Math.min(taken, HEAD_BYTES - this.head.length))]);
    if (taken > 0 || bytes.length === READ_BYTES) {
      this.idleSince = undefined;
      return true;
    }
    return this.moveOn(bytes, take);
  }

  /** Whether a next file exists that was not started yet. */
  get isBehind(): boolean {
    return this.idleSince !== undefined;
  }

  /** @returns undefined if no file exists */
  async state(): Promise<TailState | undefined> {
    if (!this.file) return this.before;
    const { mtimeMs } = await this.file.stat();
    const { inode, offset, head } = this;
    return { inode, offset, headBytes: head.length, head: digest(head), mtimeMs };
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
  }

  private async read(): Promise<Buffer> {
    const { bytesRead, buffer } = await this.file!.read(Buffer.alloc(READ_BYTES), 0, READ_BYTES, this.offset);
    return buffer.subarray(0, bytesRead);
  }

  /** The first bytes of a growing log never change. If they did, it was truncated, possibly after a copy. */
  private async wasTruncated(): Promise<boolean> {
    const { size } = await this.file!.stat();
    return size < this.offset || !(await firstBytes(this.file!, this.head.length)).equals(this.head);
  }

  /** Moves to the next file after this one was renamed and its writer has stopped. */
  private async moveOn(rest: Buffer, take: TakeBytes): Promise<boolean> {
    const current = await inodeOf(this.path);
    if (current === undefined || current === this.inode) return false;
    this.idleSince ??= performance.now();
    if (performance.now() - this.idleSince < this.graceMs) return false;
    if (rest.length > 0) take(rest, true);
    const { mtimeMs } = await this.file!.stat();
    await this.openAt(await this.after(mtimeMs, this.inode), 0);
    this.before = undefined;
    return true;
  }

  private async locate(): Promise<FileHandle | undefined> {
    const isThere = (await inodeOf(this.path)) !== undefined;
    const state = this.before;
    if (state) {
      const paths = [...(isThere ? [this.path] : []), ...(await this.siblings()).map((s) => s.path)];
      const file = (await this.find(state, paths, true)) ?? (await this.find(state, paths, false));
      if (file) return file;
    }
    if (!isThere) return undefined;
    this.before = undefined;
    if (!state) return this.openAt(this.path, 0);
    const next = await this.after(state.mtimeMs ?? Infinity, state.inode);
    this.logger.warn(
      `the file that was read last no longer exists; reading ${next} from its start, entries may be missing`,
    );
    return this.openAt(next, 0);
  }

  /** Finds the file that was read last, or a copy of it. */
  private async find(state: TailState, paths: readonly string[], sameInode: boolean): Promise<FileHandle | undefined> {
    for (const path of paths) {
      if (sameInode ? (await inodeOf(path)) !== state.inode : state.headBytes === 0) continue;
      const file = await this.openAt(path, state.offset);
      const { size } = await file.stat();
      this.head = await firstBytes(file, state.headBytes);
      if (size >= state.offset && digest(this.head) === state.head) return file;
      await this.close();
    }
    return undefined;
  }

  private async openAt(path: string, offset: number): Promise<FileHandle> {
    await this.close();
    this.file = await open(path);
    this.inode = String((await this.file.stat()).ino);
    this.offset = offset;
    this.head = Buffer.alloc(0);
    this.idleSince = undefined;
    return this.file;
  }

  /** Finds the oldest file that was modified after the given one. */
  private async after(mtimeMs: number, inode: string): Promise<string> {
    const newer = (await this.siblings()).filter((s) => s.mtimeMs > mtimeMs && s.inode !== inode);
    newer.sort((a, b) => a.mtimeMs - b.mtimeMs);
    return newer[0]?.path ?? this.path;
  }

  /** Lists rotated files next to the log. Compressed ones are ignored: they have a new inode and cannot be matched. */
  private async siblings(): Promise<{ path: string; inode: string; mtimeMs: number }[]> {
    const [folder, name] = [dirname(this.path), basename(this.path)];
    const names = (await readdir(folder)).filter((n) => n.startsWith(name) && !/\.(gz|xz|bz2|zst)$/.test(n));
    const found = names.map(async (n) => {
      const info = await stat(join(folder, n)).catch(() => undefined);
      return info?.isFile() ? [{ path: join(folder, n), inode: String(info.ino), mtimeMs: info.mtimeMs }] : [];
    });
    return (await Promise.all(found)).flat();
  }
}

async function firstBytes(file: FileHandle, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, 0);
  return buffer.subarray(0, bytesRead);
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

async function inodeOf(path: string): Promise<string | undefined> {
  return stat(path).then(
    ({ ino }) => String(ino),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    },
  );
}
