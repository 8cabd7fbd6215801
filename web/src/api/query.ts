type QueryValue = string | number | boolean | readonly string[] | undefined | null;
export type Query = Readonly<Record<string, QueryValue>>;

/** `?a=1&b=2&b=3`, or an empty text. Empty and missing values are left out. */
export function queryString(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const values = Array.isArray(value)
      ? (value as readonly string[])
      : [value as Exclude<QueryValue, readonly string[]>];
    for (const one of values) if (one !== undefined && one !== null && one !== '') params.append(name, String(one));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** Milliseconds to the form of parameters: always in UTC. */
export function instantParameter(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
