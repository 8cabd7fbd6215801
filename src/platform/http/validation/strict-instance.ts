import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import type { ParameterFault } from '../problems/problem.js';
import { UNKNOWN_FIELD, printableName } from './faults.js';
import { withoutInheritedNames } from './inherited-names.js';
import type { Reading, ReadingOptions } from './reading.js';
import type { RequestClass } from './request-class.js';

/** An instance of a request class and every rule that it breaks; without faults, the instance is valid. */
export interface Checked<T> {
  readonly instance: T;
  readonly faults: readonly ParameterFault[];
}

/**
 * Makes an instance of a request class from plain values and applies every rule of its fields.
 *
 * @param plain values of bounded depth, as `jsonObject` returns them
 */
export function checkedInstance<T extends object>(type: RequestClass<T>, plain: object, reading: Reading): Checked<T> {
  const options: ReadingOptions = { reading };
  const { rest, faults } = withoutInheritedNames(plain);
  const instance = plainToInstance(type, rest, options);
  const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: true });
  return { instance, faults: [...faults, ...errors.flatMap((error) => faultsOf(error))] };
}

function faultsOf({ property, constraints, children }: ValidationError, path = ''): ParameterFault[] {
  const parameter = `${path}${printableName(property)}`;
  const nested = (children ?? []).flatMap((child) => faultsOf(child, `${parameter}.`));
  if (!constraints) return nested;
  const detail = 'whitelistValidation' in constraints ? UNKNOWN_FIELD : Object.values(constraints)[0]!;
  return [{ parameter, detail }, ...nested];
}
