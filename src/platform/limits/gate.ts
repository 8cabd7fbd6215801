/** Lets a fixed number in at a time; the rest waits its turn, first come first served. */
export class Gate {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** @returns gives the place to the next one; safe to call twice */
  async enter(): Promise<() => void> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.leaver();
  }

  /** @returns null when nobody is let in at this moment */
  tryEnter(): (() => void) | null {
    if (this.free === 0) return null;
    this.free--;
    return this.leaver();
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const leave = await this.enter();
    try {
      return await work();
    } finally {
      leave();
    }
  }

  private leaver(): () => void {
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      const next = this.waiting.shift();
      if (next) next();
      else this.free++;
    };
  }
}
