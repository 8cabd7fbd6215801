import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { type ParameterFault, ProblemError } from '../problems/problem.js';

/** So many faults are named: enough to repair a sender, bounded whatever it sent. */
const NAMED_FAULTS = 20;

/** class-transformer walks a body by recursion; a few bytes a level would end its stack. */
const MAX_DEPTH = 8;

/**
 * A JSON object as an instance of a request class, after every rule on its fields. A field that the class does not know is
 * refused, never ignored.
 *
 * @throws ProblemError `invalid-body` that names every fault and repeats no value
 */
export function strictBody<T extends object>(type: new () => T, value: unknown): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ProblemError('invalid-body', 'The body is not a JSON object.');
  if (isDeeperThan(MAX_DEPTH, value)) throw new ProblemError('invalid-body', 'The body is nested too deeply.');
  // class-transformer drops these two silently.
  const dropped = ['__proto__', 'constructor'].filter((name) => Object.hasOwn(value, name));
  if (dropped.length > 0) throw invalidBody(dropped.map(unknownField));
  const instance = plainToInstance(type, value);
  const faults = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: true });
  if (faults.length > 0) throw invalidBody(faults.slice(0, NAMED_FAULTS).map(toFault));
  return instance;
}

/** One problem for all faults, its detail readable alone. */
export function invalidBody(errors: readonly ParameterFault[]): ProblemError {
  return new ProblemError('invalid-body', errors.map((e) => `${e.parameter}: ${e.detail}`).join('; '), { errors });
}

/** For `@Body(StrictBody) body: CreateThingRequest`. */
@Injectable()
export class StrictBody implements PipeTransform {
  transform(value: unknown, { metatype }: ArgumentMetadata): object {
    return strictBody(metatype as new () => object, value);
  }
}

function isDeeperThan(depth: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeperThan(depth - 1, inner));
}

function toFault({ property, constraints = {} }: ValidationError): ParameterFault {
  if ('whitelistValidation' in constraints) return unknownField(property);
  return { parameter: property, detail: Object.values(constraints)[0] ?? 'is not valid' };
}

/** Names come from outside: cut, and without control characters. */
function unknownField(name: string): ParameterFault {
  // eslint-disable-next-line no-control-regex
  return { parameter: name.replace(/[\u0000-\u001f\u007f]/g, '?').slice(0, 64), detail: 'is not a known field' };
}
