import { fromInstantText } from '../../time/instant.js';

/** Estimates the clock of the writer between readings, so that the age of a state needs no clock but that one. */
export class WriterClock {
  /** Milliseconds to add to `performance.now()`. */
  private offset: number | undefined;

  /** @param read asks the writer for its present instant, as instant text */
  constructor(private readonly read: () => Promise<string>) {}

  /** Wrong by at most half of the time that the answer took. */
  async sync(): Promise<void> {
    const before = performance.now();
    const instant = fromInstantText(await this.read());
    this.offset = instant - (before + performance.now()) / 2;
  }

  /** Milliseconds since 1970. @throws the error of the writer when it was never reached */
  async nowMs(): Promise<number> {
    if (this.offset === undefined) await this.sync();
    return performance.now() + this.offset!;
  }
}
