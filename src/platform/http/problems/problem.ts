/** The closed catalogue of errors: a stable code, its HTTP status and its title (RFC 9457 `type` and `title`). */
export const PROBLEMS = {
  'invalid-parameter': { status: 400, title: 'A parameter is not valid' },
  'invalid-body': { status: 400, title: 'The body is not valid' },
  'invalid-request': { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'A valid API key is required' },
  'missing-scope': { status: 403, title: 'The API key lacks a scope' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'The state of what is addressed does not allow this' },
  'not-acceptable': { status: 406, title: 'None of the accepted content types can be given' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  'uri-too-long': { status: 414, title: 'The address is too long' },
  'unsupported-media-type': { status: 415, title: 'The content type is not supported' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'headers-too-large': { status: 431, title: 'The request headers are too large' },
  internal: { status: 500, title: 'The server failed' },
  unavailable: { status: 503, title: 'The server is too busy, or its database cannot be reached' },
  'audit-unavailable': { status: 503, title: 'The call cannot be recorded, so it is not answered' },
  'time-limit': { status: 503, title: 'The database took longer than the time limit' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

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
