import { applyDecorators } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiPayloadTooLargeResponse,
  ApiUnsupportedMediaTypeResponse,
} from '../../../../platform/http/docs/decorators.js';
import { CallerResponse } from './caller.response.js';
import { KeyResponse, KeysPageResponse, NewKeyResponse } from './key.response.js';

const created = () =>
  ApiCreatedResponse({
    type: NewKeyResponse,
    description: 'The only response that contains the key.',
    headers: { Location: { description: 'The URL of the key.', schema: { type: 'string' } } },
  });

const takesBody = () =>
  applyDecorators(
    ApiBadRequestResponse({ description: 'The body is not valid; `errors` names each field.' }),
    ApiPayloadTooLargeResponse({ description: 'The body is larger than 64 KiB.' }),
    ApiUnsupportedMediaTypeResponse({ description: 'The body is not `application/json` in UTF-8.' }),
  );

const ofOne = () =>
  applyDecorators(
    ApiParam({
      name: 'prefix',
      example: 'k4mq2zxa',
      description: 'The 8 characters between the underscores of the key.',
    }),
    ApiNotFoundResponse({ description: 'There is no key with this prefix.' }),
  );

export const Create = () =>
  applyDecorators(
    ApiOperation({
      summary: 'Create a key',
      description: 'A key with the scope `admin` or `audit:read` cannot be limited to clients.',
    }),
    takesBody(),
    created(),
  );

export const List = () =>
  applyDecorators(
    ApiOperation({ summary: 'List all keys, including revoked and expired ones, in the order of creation' }),
    ApiOkResponse({
      type: KeysPageResponse,
      headers: {
        Link: { description: 'The next page with `rel="next"`, if there is one.', schema: { type: 'string' } },
      },
    }),
    ApiBadRequestResponse({ description: 'A parameter is invalid; the problem names it.' }),
  );

export const Me = () =>
  applyDecorators(
    ApiOperation({
      summary: 'Show the caller and its permissions',
      description: 'Accepts every valid key or token, regardless of its scopes.',
    }),
    ApiOkResponse({ type: CallerResponse }),
  );

export const Read = () =>
  applyDecorators(ApiOperation({ summary: 'A key' }), ofOne(), ApiOkResponse({ type: KeyResponse }));

export const Update = () =>
  applyDecorators(
    ApiOperation({
      summary: 'Change the name, expiry, networks or clients of a key',
      description:
        'Fields that are absent stay unchanged. Every process applies the change within a second. Scopes cannot be changed: create another key.',
    }),
    ofOne(),
    takesBody(),
    ApiOkResponse({ type: KeyResponse }),
    ApiConflictResponse({ description: 'The key is revoked, or the caller would lock itself out.' }),
  );

export const Rotate = () =>
  applyDecorators(
    ApiOperation({
      summary: 'Replace a key by a new one',
      description:
        'Both keys are valid for `overlap`; then the old key expires. The new key has the same name, scopes, limits and expiry.',
    }),
    ofOne(),
    takesBody(),
    created(),
    ApiConflictResponse({ description: 'The key is revoked or expired.' }),
  );

export const Revoke = () =>
  applyDecorators(
    ApiOperation({
      summary: 'Revoke a key',
      description:
        'Every process refuses the key within a second. A revocation is permanent; repeating it has no effect.',
    }),
    ofOne(),
    ApiOkResponse({ type: KeyResponse }),
    ApiConflictResponse({
      description: 'It is the last key with the scope `admin`; only the command line can revoke it.',
    }),
  );
