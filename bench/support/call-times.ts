export interface Call {
  /** Callers send one call after the other. */
  readonly caller: string;
  readonly requestId: string;
  /** Milliseconds of `performance.now()`. */
  readonly from: number;
  readonly to: number;
  /** 0 when there was no answer. */
  readonly status: number;
  readonly retryAfter: boolean;
  /** Detail of the problem, or the error of the client. */
  readonly reason?: string;
}

/** What callers saw. */
export interface CallSummary {
  /** Longest time from the start of a refused call until the next answer of 200 to the same caller. */
  readonly longestRefusalMs: number;
  readonly slowestMs: number;
  readonly answered: number;
  /** 503 with Retry-After. */
  readonly refused: number;
  /** Neither 200 nor 503 with Retry-After. */
  readonly others: readonly Call[];
}

export function summarise(calls: readonly Call[]): CallSummary {
  const answered = calls.filter(({ status }) => status === 200);
  const refused = calls.filter(({ status, retryAfter }) => status === 503 && retryAfter);
  return {
    longestRefusalMs: Math.max(0, ...[...byCaller(calls).values()].map(longestRefusal)),
    slowestMs: Math.max(0, ...answered.map(({ from, to }) => to - from)),
    answered: answered.length,
    refused: refused.length,
    others: calls.filter(({ status, retryAfter }) => status !== 200 && !(status === 503 && retryAfter)),
  };
}

function byCaller(calls: readonly Call[]): Map<string, Call[]> {
  const callers = new Map<string, Call[]>();
  for (const call of calls) {
    const list = callers.get(call.caller);
    if (list) list.push(call);
    else callers.set(call.caller, [call]);
  }
  return callers;
}

function longestRefusal(calls: readonly Call[]): number {
  let longest = 0;
  let since: number | undefined;
  for (const { from, to, status } of calls) {
    if (status !== 200) since ??= from;
    else if (since !== undefined) {
      longest = Math.max(longest, to - since);
      since = undefined;
    }
  }
  // A caller that was refused until the end.
  return since === undefined ? longest : Math.max(longest, calls.at(-1)!.to - since);
}
