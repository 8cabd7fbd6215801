import { SingleBar } from 'cli-progress';

const MEBIBYTE = 1024 * 1024;
// The command handles signals itself.
const OPTIONS = { noTTYOutput: false, etaBuffer: 50, gracefulExit: false, clearOnComplete: true, hideCursor: true };

/** Progress on a terminal: with rate and remaining time where the size is known. Elsewhere nothing is shown. */
export class ImportProgress {
  private readonly bar: SingleBar;
  private readonly started = performance.now();

  /** @param total bytes; undefined when it is unknown, as for a pipe */
  constructor(private readonly total: number | undefined) {
    const format =
      total === undefined
        ? '{read} MiB read, {rate} MiB/s'
        : '{bar} {percentage}% of {size} MiB, {rate} MiB/s, {eta_formatted} left';
    this.bar = new SingleBar({ ...OPTIONS, format });
    this.bar.start(total ?? 1, 0, { size: mebibytes(total ?? 0), read: '0.0', rate: '0.0' });
  }

  /** @param bytes consumed so far */
  update(bytes: number): void {
    const seconds = (performance.now() - this.started) / 1000;
    const payload = { read: mebibytes(bytes), rate: mebibytes(bytes / Math.max(seconds, 0.001)) };
    this.bar.update(this.total === undefined ? 0 : Math.floor(bytes), payload);
  }

  /** Restores the cursor and the line wrapping of the terminal. */
  stop(): void {
    this.bar.stop();
  }
}

const mebibytes = (bytes: number) => (bytes / MEBIBYTE).toFixed(1);
