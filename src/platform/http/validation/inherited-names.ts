import type { ParameterFault } from '../problems/problem.js';
import { UNKNOWN_FIELD, printableName } from './faults.js';

/** Values without the fields that every object inherits, and a fault for each of those. */
export interface WithoutInherited<T> {
  readonly rest: T;
  readonly faults: readonly ParameterFault[];
}

/**
 * Splits off fields at any depth that are named like a member of every object: `__proto__`, `constructor`, `toString`, …
 * class-transformer calls the constructor of a value that is not declared, and drops the others without a fault. No request
 * class declares such a field.
 */
export function withoutInheritedNames<T extends object>(value: T): WithoutInherited<T> {
  const faults: ParameterFault[] = [];
  return { rest: split(value, '', faults) as T, faults };
}

function split(value: unknown, path: string, faults: ParameterFault[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, inner]) => {
    const parameter = `${path}${printableName(name)}`;
    const inherited = name in Object.prototype;
    if (inherited) faults.push({ parameter, detail: UNKNOWN_FIELD });
    const rest = split(inner, `${parameter}.`, faults);
    return inherited ? [] : [[name, rest] as const];
  });
  return Array.isArray(value) ? entries.map(([, rest]) => rest) : Object.fromEntries(entries);
}
