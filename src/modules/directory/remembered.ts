/** What belongs to an id for ever, kept in memory up to a number of ids; then it is read again. */
export class Remembered<Value> {
  private values = new Map<number, Value>();

  /** @param what names the thing in an error @param max ids that are kept */
  constructor(
    private readonly what: string,
    private readonly max: number,
  ) {}

  /**
   * @param read called with the ids that are not known yet, if there are any
   * @returns the value of each of these ids, as a function of the id
   */
  async of(
    ids: Iterable<number>,
    read: (missing: readonly number[]) => Promise<ReadonlyMap<number, Value>>,
  ): Promise<(id: number) => Value> {
    const wanted = new Set(ids);
    let missing = [...wanted].filter((id) => !this.values.has(id));
    if (this.values.size + missing.length > this.max) {
      // A new map, not an empty one: whoever was given the old one still reads from it.
      this.values = new Map();
      missing = [...wanted];
    }
    const { values } = this;
    if (missing.length > 0) for (const [id, value] of await read(missing)) values.set(id, value);
    return (id) => {
      const value = values.get(id);
      if (value === undefined) throw new Error(`There is no ${this.what} ${id}.`);
      return value;
    };
  }
}
