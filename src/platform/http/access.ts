import { SetMetadata, UseInterceptors, applyDecorators } from '@nestjs/common';
import {
  ApiExtension,
  ApiForbiddenResponse,
  ApiSecurity,
  ApiTooManyRequestsResponse,
  ApiUnauthorizedResponse,
} from './docs/decorators.js';
import type { Request } from 'express';
import { ProblemError } from './problems/problem.js';
import type { Scope } from './scopes.js';
import { UndeclaredQuery } from './validation/undeclared-query.interceptor.js';

export const ACCESS = 'access';
export type Access =
  | { readonly public: true }
  | { readonly scopes: readonly Scope[] }
  | { readonly anyCaller: true }
  | { readonly login: true };

/** The route needs no key. A route that declares neither this nor `@RequireScope` is refused. */
export const Public = () => SetMetadata<string, Access>(ACCESS, { public: true });

/** The handler authenticates the caller, from what only this route accepts. The call is recorded, also when it is refused. */
export const Login = () => SetMetadata<string, Access>(ACCESS, { login: true });

/** The route accepts every caller with a valid key, regardless of its scopes. */
export const AnyCaller = () =>
  applyDecorators(SetMetadata<string, Access>(ACCESS, { anyCaller: true }), ApiExtension('x-any-caller', true), asks());

/** The route requires all of these scopes. Also documents this in the OpenAPI document. */
export const RequireScope = (...scopes: Scope[]) =>
  applyDecorators(
    SetMetadata<string, Access>(ACCESS, { scopes }),
    ApiExtension('x-required-scopes', scopes),
    asks(),
    ApiForbiddenResponse({ description: `The key lacks the scope ${scopes.map((s) => `\`${s}\``).join(' or ')}.` }),
  );

function asks() {
  return applyDecorators(
    UseInterceptors(UndeclaredQuery),
    ApiSecurity('ApiKey'),
    ApiSecurity('bearer'),
    ApiUnauthorizedResponse({
      description: 'No key, or one that is malformed, unknown, expired, revoked or used from another address.',
    }),
    ApiTooManyRequestsResponse({ description: 'A limit was reached; `Retry-After` gives the time to wait.' }),
  );
}

/**
 * For parameters that need another scope than the route.
 *
 * @throws ProblemError `missing-scope` when one of them is given and the caller lacks the scope
 */
export function requireScopeFor<T extends object>(
  { call }: Request,
  scope: Scope,
  query: T,
  parameters: readonly (keyof T & string)[],
): void {
  if (call.caller?.scopes.has(scope)) return;
  const given = parameters.filter((name) => query[name] !== undefined);
  if (given.length > 0)
    throw new ProblemError(
      'missing-scope',
      `The parameter ${given.join(' and ')} needs a key with the scope ${scope}.`,
    );
}
