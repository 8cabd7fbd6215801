/** Where a person sits before the machine or reaches its desktop: interactive, unlock, remote, and the cached kinds. */
const INTERACTIVE = ['2', '7', '10', '11', '12', '13'];
const KNOWN = /^(0|[2-5]|[7-9]|1[0-3])$/;
/** Window manager and font driver host have accounts of their own, which log on interactively beside every person. */
const DESKTOP_SIDS = /^S-1-5-(90|96)-/;

/** Decides which logons are sessions (event 4624, field LogonType). */
export class LogonTypes {
  private readonly types: ReadonlySet<string> | null;
  private readonly desktop: boolean;

  /**
   * @param text `interactive`, `all`, or numbers such as `2,3,10`
   * @throws RangeError that says what is wrong
   */
  constructor(text = 'interactive') {
    const numbers = text === 'interactive' ? INTERACTIVE : text.split(',').map((t) => t.trim());
    const wrong = text === 'all' ? undefined : numbers.find((n) => !KNOWN.test(n));
    if (wrong !== undefined)
      throw new RangeError(
        `a logon type is a number from 0 to 13, or the word interactive or all: ${wrong.slice(0, 20)}`,
      );
    this.types = text === 'all' ? null : new Set(numbers);
    this.desktop = text !== 'interactive';
  }

  /** @param type undefined when the event does not say: then it may be one of them */
  includes(type: string | undefined, sid = ''): boolean {
    if (!this.desktop && DESKTOP_SIDS.test(sid)) return false;
    return this.types === null || type === undefined || this.types.has(type);
  }
}
