import { type ParameterFault, ProblemError } from '../problems/problem.js';

/** Maximum number of faults that one answer names for a body: enough to correct a sender, bounded for any input. */
const MAX_NAMED_FAULTS = 20;

export const UNKNOWN_FIELD = 'is not a known field';

/** One problem for all faults of the parameters; its `detail` can be read without `errors`. */
export function invalidParameters(errors: readonly ParameterFault[]): ProblemError {
  return new ProblemError('invalid-parameter', detailOf(errors), { errors });
}

/** One problem for all faults of a body; its `detail` can be read without `errors`. */
export function invalidBody(errors: readonly ParameterFault[]): ProblemError {
  const named = errors.slice(0, MAX_NAMED_FAULTS);
  return new ProblemError('invalid-body', detailOf(named), { errors: named });
}

/** A name that the caller chose, safe to repeat: at most 64 characters, without control characters. */
export function printableName(name: string): string {
  // eslint-disable-next-line no-control-regex
  return name.replace(/[\u0000-\u001f\u007f]/g, '?').slice(0, 64);
}

function detailOf(errors: readonly ParameterFault[]): string {
  return errors.map(({ parameter, detail }) => `${parameter}: ${detail}`).join('; ');
}
