import type * as Swagger from '@nestjs/swagger';

const deferred: ((swagger: typeof Swagger) => void)[] = [];

/**
 * Decorators of @nestjs/swagger that take effect when the document is built: loading that package takes a sixth of the
 * start, and most processes are never asked for the document.
 */
export const ApiBadRequestResponse = defer('ApiBadRequestResponse');
export const ApiBody = defer('ApiBody');
export const ApiConflictResponse = defer('ApiConflictResponse');
export const ApiCreatedResponse = defer('ApiCreatedResponse');
export const ApiExcludeController = defer('ApiExcludeController');
export const ApiExtension = defer('ApiExtension');
export const ApiExtraModels = defer('ApiExtraModels');
export const ApiForbiddenResponse = defer('ApiForbiddenResponse');
export const ApiHeader = defer('ApiHeader');
export const ApiNotFoundResponse = defer('ApiNotFoundResponse');
export const ApiOkResponse = defer('ApiOkResponse');
export const ApiOperation = defer('ApiOperation');
export const ApiParam = defer('ApiParam');
export const ApiPayloadTooLargeResponse = defer('ApiPayloadTooLargeResponse');
export const ApiProperty = defer('ApiProperty');
export const ApiQuery = defer('ApiQuery');
export const ApiResponse = defer('ApiResponse');
export const ApiSchema = defer('ApiSchema');
export const ApiSecurity = defer('ApiSecurity');
export const ApiTags = defer('ApiTags');
export const ApiTooManyRequestsResponse = defer('ApiTooManyRequestsResponse');
export const ApiUnauthorizedResponse = defer('ApiUnauthorizedResponse');
export const ApiUnsupportedMediaTypeResponse = defer('ApiUnsupportedMediaTypeResponse');

/** The reference to the schema of a class without `@ApiSchema`. */
export const schemaPath = (model: { readonly name: string }) => `#/components/schemas/${model.name}`;

/** Applies the decorators of every class that is loaded, in the order in which they were evaluated. */
export function applyDeferred(swagger: typeof Swagger): void {
  for (const apply of deferred.splice(0)) apply(swagger);
}

type Factory = (...options: unknown[]) => (...target: unknown[]) => void;

function defer<N extends keyof typeof Swagger>(name: N): (typeof Swagger)[N] {
  const factory: Factory =
    (...options) =>
    (...target) =>
      void deferred.push((swagger) => (swagger[name] as unknown as Factory)(...options)(...target));
  return factory as unknown as (typeof Swagger)[N];
}
