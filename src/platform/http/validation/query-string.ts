import { ProblemError, type ParameterFault } from '../problems/problem.js';

/**
 * Reads a query string strictly: names match without regard to case, must be among `known` and must not repeat;
 * percent-encoding must be valid UTF-8. A `+` stands for itself (RFC 3986), so that the offset in
 * `start=2021-04-01T12:00:00+03:00` means what it shows; no parameter of ours holds a space.
 *
 * @param url path and query as received
 * @param known lower-case names
 * @returns lower-case name to decoded value
 * @throws ProblemError `invalid-parameter` that names every fault
 */
export function readQuery(url: string, known: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  const errors: ParameterFault[] = [];
  const at = url.indexOf('?');
  for (const pair of at < 0 ? [] : url.slice(at + 1).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const rawName = equals < 0 ? pair : pair.slice(0, equals);
    const name = decode(rawName);
    const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
    if (name === undefined || value === undefined) {
      errors.push({ parameter: shown(name ?? rawName).toLowerCase(), detail: 'is not valid percent-encoded UTF-8' });
      continue;
    }
    const key = name.toLowerCase();
    if (!known.includes(key)) {
      const list = known.length > 0 ? `known here: ${known.join(', ')}` : 'this address takes none';
      errors.push({ parameter: shown(name), detail: `is not a known parameter (${list})` });
    } else if (values.has(key)) errors.push({ parameter: key, detail: 'is given more than once' });
    else values.set(key, value);
  }
  if (errors.length > 0) throw invalidParameters(errors);
  return values;
}

/** One problem for all faults, its detail readable alone. */
export function invalidParameters(errors: readonly ParameterFault[]): ProblemError {
  return new ProblemError('invalid-parameter', errors.map((e) => `${e.parameter}: ${e.detail}`).join('; '), { errors });
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Names come from outside: cut, and without control characters. */
function shown(name: string): string {
  // eslint-disable-next-line no-control-regex
  return name.replace(/[\u0000-\u001f\u007f]/g, '?').slice(0, 64);
}
