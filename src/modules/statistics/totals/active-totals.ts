/** Active time by name and by day. */
export class ActiveTotals {
  private readonly names = new Map<string, number>();
  private readonly days = new Map<string, number>();

  /** @param day as `2021-04-01`, in the time zone of the API */
  add(name: string, day: string, ms: number): void {
    this.names.set(name, (this.names.get(name) ?? 0) + ms);
    this.days.set(day, (this.days.get(day) ?? 0) + ms);
  }

  /** The names with the longest time first, then by name, up to `limit`; the days in order. Seconds. */
  take(limit: number) {
    const sorted = [...this.names].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    const others = sorted.slice(limit).reduce((sum, [, ms]) => sum + ms, 0);
    return {
      items: sorted.slice(0, limit).map(([name, ms]) => ({ name, seconds: ms / 1000 })),
      otherSeconds: others / 1000,
      days: [...this.days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, ms]) => ({ day, seconds: ms / 1000 })),
    };
  }
}
