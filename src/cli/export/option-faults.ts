import { ProblemError } from '../../platform/http/problems/problem.js';
import { optionName } from './export-options.js';

/** Names options instead of parameters. */
export function named<T>(understand: () => T): T {
  try {
    return understand();
  } catch (error) {
    if (!(error instanceof ProblemError) || !error.errors) throw error;
    const lines = error.errors.map(({ parameter, detail }) => `${optionName(parameter)}: ${detail}`);
    throw new Error(lines.join('\n'), { cause: error });
  }
}
