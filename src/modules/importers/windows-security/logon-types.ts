/** A person at the machine or at its remote desktop: interactive, unlock, remote interactive, and the cached variants. */
const INTERACTIVE = ['2', '7', '10', '11', '12', '13'];
const KNOWN = /^(0|[2-5]|[7-9]|1[0-3])$/;
/** Desktop Window Manager (DWM) and Font Driver Host (UMFD) log on interactively with their own accounts beside each user. */
const DESKTOP_SIDS = /^S-1-5-(90|96)-/;

/** Names of the field LogonType; Microsoft's security auditing reference, event 4624. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ 0: 'system', 2: 'interactive', 3: 'network', 4: 'batch', 5: 'service', 7: 'unlock', 8: 'network cleartext' },
  ...{ 9: 'new credentials', 10: 'remote interactive', 11: 'cached interactive', 12: 'cached remote interactive' },
  ...{ 13: 'cached unlock' },
};

/** Decides which logons are sessions (event 4624, field LogonType), and counts the others. */
export class LogonTypes {
  private readonly types: ReadonlySet<string> | null;
  private readonly desktop: boolean;
  private readonly leftOut = new Map<string, number>();

  /**
   * @param text `interactive`, `all`, or numbers such as `2,3,10`
   * @throws RangeError that names the invalid part
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

  /** Counts a logon that is not a session. */
  leaveOut(type = ''): void {
    this.leftOut.set(type, (this.leftOut.get(type) ?? 0) + 1);
  }

  /** Such as `left out: 88 network logons (type 3); --logon-types all includes them`; undefined when nothing was left out. */
  get remark(): string | undefined {
    if (this.leftOut.size === 0) return undefined;
    const groups = [...this.leftOut]
      .sort((a, b) => b[1] - a[1])
      .map(([type, count]) => {
        const logons = count === 1 ? 'logon' : 'logons';
        const isDesktop = this.types?.has(type);
        const of = isDesktop ? `type ${type}, accounts of the desktop itself` : `type ${type}`;
        return `${count} ${NAMES[type] ?? 'other'} ${logons} (${of})`;
      });
    return `left out: ${groups.join(', ')}; --logon-types all includes them`;
  }

  /** @param type undefined when the event does not have it; such a logon is a session */
  includes(type: string | undefined, sid = ''): boolean {
    if (!this.desktop && DESKTOP_SIDS.test(sid)) return false;
    return this.types === null || type === undefined || this.types.has(type);
  }
}
