/** Ids that can be gone through twice, which an iterator cannot; any may come again. */
export type Ids = readonly number[] | Uint32Array | ReadonlySet<number>;

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
    ids: Ids,
    read: (missing: readonly number[]) => Promise<ReadonlyMap<number, Value>>,
  ): Promise<(id: number) => Value> {
    let missing = new Set<number>();
    for (const id of ids) if (!this.values.has(id)) missing.add(id);
    if (this.values.size + missing.size > this.max) {
      // A new map, not an empty one: whoever was given the old one still reads from it.
      this.values = new Map();
      missing = new Set(ids);
    }
    const { values } = this;
    if (missing.size > 0) for (const [id, value] of await read([...missing])) values.set(id, value);
    return (id) => {
      const value = values.get(id);
      if (value === undefined) throw new Error(`There is no ${this.what} ${id}.`);
      return value;
    };
  }
}
