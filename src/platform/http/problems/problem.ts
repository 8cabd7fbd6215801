import { PROBLEMS, type ProblemCode } from './problem-registry.js';
import './generic-problems.js';

export interface ParameterFault {
  readonly parameter: string;
  readonly detail: string;
}

/** An error that is shown to the caller. `detail` must not contain secrets, SQL or file paths. */
export class ProblemError extends Error {
  readonly errors?: readonly ParameterFault[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    extra: { errors?: readonly ParameterFault[]; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail, { cause: extra.cause });
    this.errors = extra.errors;
    this.headers = extra.headers ?? {};
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}

/** The body of an `application/problem+json` answer (RFC 9457). */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  requestId: string;
  errors?: readonly ParameterFault[];
}

/** `instance` is the path only, because a query string may contain secrets. */
export function problemBody(problem: ProblemError, path: string, requestId: string): ProblemBody {
  const { status, title } = PROBLEMS[problem.code];
  return {
    type: `urn:session-audit:problem:${problem.code}`,
    title,
    status,
    detail: problem.detail,
    instance: path,
    requestId,
    ...(problem.errors ? { errors: problem.errors } : {}),
  };
}
