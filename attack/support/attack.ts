import type { Target } from './target.js';

export interface Result {
  /** What was sent: counts and kinds. */
  readonly tried: string;
  /** What the server did, with the measured figures. */
  readonly outcome: string;
  /** Whether the server kept its promise. */
  readonly held: boolean;
}

export interface Attack {
  /** One short line; also the argument of `--only`. */
  readonly name: string;
  run(target: Target): Promise<Result>;
}

/** Attacks that share one server process. */
export interface AttackGroup {
  readonly name: string;
  /** Environment variables of the server process, beside those of `target.ts`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The database is seeded with sessions unless this is false. */
  readonly attacks: readonly Attack[];
}
