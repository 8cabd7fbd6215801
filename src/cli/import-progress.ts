import { statSync } from 'node:fs';
import { SingleBar } from 'cli-progress';

const MEBIBYTE = 1024 * 1024;

/** A bar with rate and remaining time on a terminal; nothing elsewhere. */
export class ImportProgress {
  private readonly bar = new SingleBar({
    format: '{bar} {percentage}% of {size} MiB, {rate} MiB/s, {eta_formatted} left',
    noTTYOutput: false,
    etaBuffer: 50,
  });
  private readonly started = performance.now();

  /** @throws the error of the file system when a file is not there */
  constructor(files: readonly string[]) {
    const total = files.reduce((sum, file) => sum + statSync(file).size, 0);
    this.bar.start(total, 0, { size: (total / MEBIBYTE).toFixed(1), rate: '0.0' });
  }

  /** @param bytes consumed so far */
  update(bytes: number): void {
    const seconds = (performance.now() - this.started) / 1000;
    this.bar.update(Math.floor(bytes), { rate: (bytes / MEBIBYTE / Math.max(seconds, 0.001)).toFixed(1) });
  }

  stop(): void {
    this.bar.stop();
  }
}
