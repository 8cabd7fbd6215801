/**
 * The codes of problems, as keys. A feature adds its own in its `*.problems.ts` file, by declaration merging and
 * `defineProblem`; codes without a feature are in generic-problems.ts.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface ProblemRegistry {}

/** A stable code: the last part of `type` (RFC 9457). */
export type ProblemCode = keyof ProblemRegistry;

export interface ProblemDefinition {
  /** HTTP status. */
  readonly status: number;
  /** `title` of RFC 9457: the same for every occurrence. */
  readonly title: string;
}

const definitions: Partial<Record<ProblemCode, ProblemDefinition>> = {};

/** All registered problems. */
export const PROBLEMS = definitions as Readonly<Record<ProblemCode, ProblemDefinition>>;

/** Registers problems. @throws Error when a code is registered already */
export function defineProblems(problems: Partial<Record<ProblemCode, ProblemDefinition>>): void {
  for (const [code, definition] of Object.entries(problems)) {
    if (code in definitions) throw new Error(`The problem ${code} is registered twice.`);
    Object.assign(definitions, { [code]: definition });
  }
}
