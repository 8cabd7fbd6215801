import type { ApiPropertyOptions, OpenAPIObject } from '@nestjs/swagger';
import { ApiProperty } from '../docs/decorators.js';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type SchemaObject = Exclude<Schemas[string], { $ref: string }>;

/** A class whose fields carry the rules and the documentation of a query or of a body. */
export type RequestClass<T extends object = object> = new () => T;

export interface RequestField {
  readonly name: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: SchemaObject;
}

const FIELDS = 'request-fields';

/**
 * Declares a field of a request class; a field that is not declared is refused. One declaration documents the field as a
 * parameter of a query string and as a property of a body.
 */
export function Field({ required = false, description, ...schema }: FieldOptions): PropertyDecorator {
  return (target, key) => {
    const field: RequestField = { name: String(key), required, description, schema };
    // Inherited fields come first.
    Reflect.defineMetadata(FIELDS, [...requestFields(target.constructor as RequestClass), field], target);
    ApiProperty({ required, description, ...schema } as ApiPropertyOptions)(target, key);
  };
}

/** A JSON schema, and whether the field must be given (by default it may be left out). */
export type FieldOptions = Omit<SchemaObject, 'required' | 'description'> & {
  readonly required?: boolean;
  readonly description?: string;
};

/** The fields in the order of their declaration, inherited ones first. */
export function requestFields(type: RequestClass): readonly RequestField[] {
  return (Reflect.getMetadata(FIELDS, type.prototype as object) as readonly RequestField[] | undefined) ?? [];
}

export function fieldNames(type: RequestClass): readonly string[] {
  return requestFields(type).map(({ name }) => name);
}

/** The fields of a query string that may be given more than once: those that are arrays. */
export function repeatableNames(type: RequestClass): readonly string[] {
  return requestFields(type).flatMap(({ name, schema }) => (schema.type === 'array' ? [name] : []));
}

/** The declared type of a handler's parameter, which TypeScript emits before parameter decorators run. */
export function parameterType(target: object, key: string | symbol | undefined, index: number): RequestClass {
  const types = Reflect.getMetadata('design:paramtypes', target, key!) as RequestClass[] | undefined;
  const type = types?.[index];
  if (!type || requestFields(type).length === 0)
    throw new Error(`Parameter ${index} of ${String(key)} needs a request class as its type.`);
  return type;
}
