/** A request that failed. `status` 0 means that no answer came. The texts are those of the problem (RFC 9457). */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly fields: Readonly<Record<string, string>> = {},
    readonly requestId: string | null = null,
  ) {
    super(detail || title);
    this.name = 'ApiProblem';
  }
}

interface ProblemBody {
  readonly title?: string;
  readonly detail?: string;
  readonly requestId?: string;
  readonly errors?: readonly { parameter: string; detail: string }[];
}

export async function problemOf(response: Response): Promise<ApiProblem> {
  let body: ProblemBody = {};
  try {
    body = (await response.json()) as ProblemBody;
  } catch {
    // A proxy may answer with something else than JSON.
  }
  const fields = Object.fromEntries((body.errors ?? []).map(({ parameter, detail }) => [parameter, detail]));
  const title = body.title ?? `Status ${response.status}`;
  return new ApiProblem(response.status, title, body.detail ?? '', fields, body.requestId ?? null);
}
