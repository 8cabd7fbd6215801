import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import type { ParameterFault } from '../problems/problem.js';
import { printableName } from './faults.js';
import type { Reading, ReadingOptions } from './reading.js';
import type { RequestClass } from './request-class.js';

/** An instance of a request class and every rule that it breaks; without faults, the instance is valid. */
export interface Checked<T> {
  readonly instance: T;
  readonly faults: readonly ParameterFault[];
}

/** Makes an instance of a request class from plain values and applies every rule of its fields. */
export function checkedInstance<T extends object>(type: RequestClass<T>, plain: object, reading: Reading): Checked<T> {
  const options: ReadingOptions = { reading };
  const instance = plainToInstance(type, plain, options);
  const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: true });
  return { instance, faults: errors.flatMap((error) => faultsOf(error)) };
}

function faultsOf({ property, constraints, children }: ValidationError, path = ''): ParameterFault[] {
  const parameter = `${path}${printableName(property)}`;
  const nested = (children ?? []).flatMap((child) => faultsOf(child, `${parameter}.`));
  if (!constraints) return nested;
  const detail = 'whitelistValidation' in constraints ? UNKNOWN_FIELD : Object.values(constraints)[0]!;
  return [{ parameter, detail }, ...nested];
}

export const UNKNOWN_FIELD = 'is not a known field';
