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
} from '@nestjs/swagger';
import { CallerResponse } from './caller.response.js';
import { KeyResponse, KeysPageResponse, NewKeyResponse } from './key.response.js';

const created = () =>
  ApiCreatedResponse({
    type: NewKeyResponse,
    description: 'The only answer that shows the key.',
    headers: { Location: { description: 'The address of the key.', schema: { type: 'string' } } },
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
      summary: 'Make a key',
      description:
        'Keys with the scopes `admin` or `audit:read` reach beyond any client, so they cannot be limited to some clients.',
    }),
    takesBody(),
    created(),
  );

export const List = () =>
  applyDecorators(
    ApiOperation({ summary: 'All keys, revoked and expired ones too, in the order in which they were made' }),
    ApiOkResponse({
      type: KeysPageResponse,
      headers: { Link: { description: 'With `rel="next"`, while there is one.', schema: { type: 'string' } } },
    }),
    ApiBadRequestResponse({ description: 'A parameter is not understood; the problem names it.' }),
  );

export const Me = () =>
  applyDecorators(
    ApiOperation({
      summary: 'Who the caller is, and what it may do',
      description: 'Answers to every valid key and token.',
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
        'What is left out stays. Every process follows within a second. Scopes never change: make another key.',
    }),
    ofOne(),
    takesBody(),
    ApiOkResponse({ type: KeyResponse }),
    ApiConflictResponse({ description: 'The key is revoked, or the caller would lock itself out.' }),
  );

export const Rotate = () =>
  applyDecorators(
    ApiOperation({
      summary: 'Make a key that replaces another one',
      description:
        'Both are valid for `overlap`; then the old one ends. The new one has the same name, scopes, limits and expiry.',
    }),
    ofOne(),
    takesBody(),
    created(),
    ApiConflictResponse({ description: 'The key is revoked or expired.' }),
  );

export const Revoke = () =>
  applyDecorators(
    ApiOperation({
      summary: 'Refuse a key from now on',
      description: 'Every process follows within a second. It cannot be taken back; doing it again changes nothing.',
    }),
    ofOne(),
    ApiOkResponse({ type: KeyResponse }),
    ApiConflictResponse({
      description: 'It is the last key with the scope `admin`; only the command line can end it.',
    }),
  );
