import 'reflect-metadata';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import fc from 'fast-check';
import { ProblemError } from '../problems/problem.js';
import { TimeZone } from '../../time/time-zone.js';
import { Field } from './request-class.js';
import { IsWholeNumber } from './rules/is-whole-number.js';
import { strictBody } from './strict-body.js';
import { propertyRuns } from '../../../../test/support/property-runs.js';

class Inner {
  @Field({ type: 'integer' })
  @IsWholeNumber({ max: 9 })
  count?: number;
}

class Outer extends Inner {
  @ValidateNested()
  @Type(() => Inner)
  inner?: Inner;
}

const reading = { zone: new TimeZone('UTC'), nowMs: 0 };

function faultsOf(json: string): string[] {
  try {
    strictBody(Outer, JSON.parse(json), reading);
    return [];
  } catch (error) {
    if (error instanceof ProblemError) return error.errors?.map(({ parameter }) => parameter) ?? [error.detail];
    throw error;
  }
}

describe('strictBody', () => {
  it('accepts what its class declares', () => expect(faultsOf('{"count":1,"inner":{"count":2}}')).toEqual([]));

  it.each(['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__', 'prototype'])(
    'refuses the field %s at every level',
    (name) => {
      expect(faultsOf(`{"${name}":1}`)).toEqual([name]);
      expect(faultsOf(`{"inner":{"${name}":{}}}`)).toEqual([`inner.${name}`]);
      expect(faultsOf(`{"zz":{"${name}":1}}`)).toContain('zz');
      expect(faultsOf(`{"zz":[{"a":{"${name}":[]}}]}`)).toContain('zz');
      expect(faultsOf(`{"count":{"${name}":null}}`)).toContain('count');
    },
  );

  it('throws nothing but problems for any object', () => {
    const name = fc.oneof(
      fc.constantFrom('count', 'inner', 'then', ...Object.getOwnPropertyNames(Object.prototype)),
      fc.string(),
    );
    const value = fc.jsonValue({ maxDepth: 1 });
    const level = fc.dictionary(name, value, { noNullPrototype: true });
    const object = fc.dictionary(name, fc.oneof(value, level, fc.array(level)), { noNullPrototype: true });
    fc.assert(
      fc.property(object, (body) => Array.isArray(faultsOf(JSON.stringify(body)))),
      { numRuns: propertyRuns(500) },
    );
  });

  it('names every fault at once, and at most 20', () => {
    expect(faultsOf('{"count":10,"more":1,"inner":{"count":-1}}').sort()).toEqual(['count', 'inner.count', 'more']);
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, i]));
    expect(faultsOf(JSON.stringify(many))).toHaveLength(20);
  });

  it('refuses a body that is nested too deeply', () => {
    expect(faultsOf(`{"inner":${'['.repeat(9)}${']'.repeat(9)}}`)).toEqual(['The body is nested too deeply.']);
  });
});
