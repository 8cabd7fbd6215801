export interface Work {
  readonly tokens: number;
  /** Characters of names and texts. */
  readonly characters: number;
}

/**
 * Limits what reading one record may cost. Templates are shared, so the cost of a record is not bounded by its size: a few
 * bytes may name a template that names others many times over. The budget of a record is part of that of its chunk.
 */
export class WorkBudget {
  private tokens: number;
  private characters: number;

  constructor(
    work: Work,
    private readonly whole?: WorkBudget,
  ) {
    this.tokens = work.tokens;
    this.characters = work.characters;
  }

  /** @throws RangeError when the budget is used up */
  spendTokens(count: number): void {
    if ((this.tokens -= count) < 0)
      throw new RangeError(this.whole ? 'too many tokens' : 'too many tokens in its chunk');
    this.whole?.spendTokens(count);
  }

  /** @throws RangeError when the budget is used up */
  spendCharacters(count: number): void {
    if ((this.characters -= count) < 0)
      throw new RangeError(this.whole ? 'too much text' : 'too much text in its chunk');
    this.whole?.spendCharacters(count);
  }
}

/** A real record has a few hundred tokens and some thousand characters. */
export const WORK_OF_RECORD: Work = { tokens: 20_000, characters: 256 * 1024 };
/** A chunk of 64 KiB has about 100 records. */
export const WORK_OF_CHUNK: Work = { tokens: 400_000, characters: 4 * 1024 * 1024 };
