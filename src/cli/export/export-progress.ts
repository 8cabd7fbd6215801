import { SingleBar } from 'cli-progress';

const MEBIBYTE = 1024 * 1024;
// The command handles signals itself.
const OPTIONS = { noTTYOutput: false, etaBuffer: 50, gracefulExit: false, clearOnComplete: true, hideCursor: true };
const STEPS = 1000;

/** Progress on a terminal, on standard error: how far the export is in time, where that is known. */
export class ExportProgress {
  private readonly bar: SingleBar;
  private readonly started = performance.now();

  /** @param isMeasured whether `update` gets the part that is done */
  constructor(private readonly isMeasured: boolean) {
    const counts = '{rows} rows, {size} MiB, {rate} rows/s';
    const format = isMeasured ? `{bar} {percentage}%, ${counts}, {eta_formatted} left` : counts;
    this.bar = new SingleBar({ ...OPTIONS, format });
    this.bar.start(STEPS, 0, { rows: '0', size: '0.0', rate: '0' });
  }

  /** @param part 0 to 1 */
  update(rows: number, bytes: number, part: number): void {
    const seconds = Math.max((performance.now() - this.started) / 1000, 0.001);
    const payload = {
      rows: rows.toLocaleString('en'),
      size: mebibytes(bytes),
      rate: Math.round(rows / seconds).toLocaleString('en'),
    };
    this.bar.update(this.isMeasured ? Math.floor(part * STEPS) : 0, payload);
  }

  /** Restores the cursor and the line wrapping of the terminal. */
  stop(): void {
    this.bar.stop();
  }
}

const mebibytes = (bytes: number) => (bytes / MEBIBYTE).toFixed(1);
