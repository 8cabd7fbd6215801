import { getMetadataStorage } from 'class-validator';

/** A class whose fields carry the rules of a query or of a body. */
export type RequestClass<T extends object = object> = new () => T;

const namesByClass = new Map<RequestClass, readonly string[]>();

/** The fields that have a rule, in the order of their declaration, inherited ones first. */
export function fieldNames(type: RequestClass): readonly string[] {
  let names = namesByClass.get(type);
  if (!names) {
    const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
    const inherited = rules.filter(({ target }) => target !== type);
    const own = rules.filter(({ target }) => target === type);
    names = [...new Set([...inherited, ...own].map(({ propertyName }) => propertyName))];
    namesByClass.set(type, names);
  }
  return names;
}

/** The declared type of a handler's parameter, which TypeScript emits before parameter decorators run. */
export function parameterType(target: object, key: string | symbol | undefined, index: number): RequestClass {
  const types = Reflect.getMetadata('design:paramtypes', target, key!) as RequestClass[] | undefined;
  const type = types?.[index];
  if (!type) throw new Error(`Parameter ${index} of ${String(key)} needs a request class as its type.`);
  return type;
}
