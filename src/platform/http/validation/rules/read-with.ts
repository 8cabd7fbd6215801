import { applyDecorators } from '@nestjs/common';
import { Transform, type TransformFnParams } from 'class-transformer';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import type { Reading, ReadingOptions } from '../reading.js';

/** Stands for a value that could not be read. Its detail must not repeat the value. */
export class Unreadable {
  constructor(readonly detail: string) {}
}

/** Reads the value of a field. @returns the typed value, or `Unreadable` */
export type Read = (value: unknown, reading: Reading, field: string) => unknown;

/** Turns a field into its typed value, or reports why it cannot be read. An absent field stays absent. */
export function ReadWith(name: string, read: Read): PropertyDecorator {
  return applyDecorators(
    Transform(({ value, key, options }: TransformFnParams) =>
      value === undefined ? undefined : read(value, (options as ReadingOptions).reading, key),
    ),
    ValidateBy({
      name,
      validator: {
        validate: (value) => !(value instanceof Unreadable),
        defaultMessage: (args) => (args!.value as Unreadable).detail,
      },
    }),
  );
}

/** Values of one repeatable parameter. */
const MAX_VALUES = 100;

/** Reads each value of a repeatable parameter. The field becomes a list in which no value is repeated. */
export function ReadEachWith(name: string, read: Read): PropertyDecorator {
  return ReadWith(name, (values, reading, field) => {
    if (!Array.isArray(values)) return new Unreadable('must be a list');
    if (values.length > MAX_VALUES) return new Unreadable(`is given more than ${MAX_VALUES} times`);
    const typed = values.map((value) => read(value, reading, field));
    return typed.find((value) => value instanceof Unreadable) ?? [...new Set(typed)];
  });
}

/** A rule on a readable value that may look at the other fields. @param judge returns the fault, or undefined */
export function Rule(name: string, judge: (value: unknown, object: object) => string | undefined): PropertyDecorator {
  const fault = ({ value, object }: ValidationArguments) =>
    value === undefined || value instanceof Unreadable ? undefined : judge(value, object);
  return ValidateBy({
    name,
    validator: {
      validate: (_value, args) => fault(args!) === undefined,
      defaultMessage: (args) => fault(args!) ?? '',
    },
  });
}

/** The field is not given together with another one. */
export function IsNotCombinedWith(other: string): PropertyDecorator {
  return Rule(`isNotCombinedWith-${other}`, (_value, object) =>
    (object as Record<string, unknown>)[other] === undefined ? undefined : `cannot be combined with ${other}`,
  );
}

/** The number is not greater than the one in another field. */
export function IsNotGreaterThan(other: string): PropertyDecorator {
  return Rule('isNotGreaterThan', (value, object) => {
    const limit = (object as Record<string, unknown>)[other];
    const isGreater = typeof value === 'number' && typeof limit === 'number' && value > limit;
    return isGreater ? `is greater than ${other}` : undefined;
  });
}
