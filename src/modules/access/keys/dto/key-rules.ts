import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsOptional, ValidateBy, ValidateIf } from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import { Field } from '../../../../platform/http/validation/request-class.js';
import { IsFutureInstantOrNull } from '../../../../platform/http/validation/rules/is-instant.js';
import { isCidr } from '../../../../platform/net/cidr.js';

const MAX_NETWORKS = 50;
const MAX_CLIENTS = 500;
const CLIENT_GUID = /^[!-~]{1,64}$/;
// eslint-disable-next-line no-control-regex
const NAME = /^[^\u0000-\u001f\u007f-\u009f]{1,128}$/u;

const rule = (name: string, validate: (value: unknown) => boolean, message: string, each = false) =>
  ValidateBy({ name, validator: { validate, defaultMessage: () => message } }, { each });

/** `required: false` = may be absent, but not null. */
export const KeyName = ({ required }: { required: boolean }) =>
  applyDecorators(
    Field({
      type: 'string',
      minLength: 1,
      maxLength: 128,
      example: 'siem',
      description: 'Name of the program or person that uses the key.',
      required,
    }),
    ...(required ? [] : [ValidateIf((_object, value) => value !== undefined)]),
    rule(
      'name',
      (v) => typeof v === 'string' && NAME.test(v) && v.isWellFormed(),
      'must be text of 1 to 128 characters, none of them a control character',
    ),
  );

/** The field becomes milliseconds since 1970, or null. */
export const KeyExpiry = () =>
  applyDecorators(
    Field({
      ...{ type: 'string', format: 'date-time', nullable: true, example: '2030-01-01T00:00:00Z' },
      description: 'Instant at which the key expires. It must be in the future. Null: the key never expires.',
    }),
    IsFutureInstantOrNull('is not in the future; revoke a key to end it now'),
  );

export const KeyNetworks = () =>
  applyDecorators(
    Field({
      ...{ type: 'array', items: { type: 'string' }, nullable: true, minItems: 1, maxItems: MAX_NETWORKS },
      ...{
        example: ['192.0.2.0/24', '2001:db8::/32'],
        description: 'Networks from which the key may be used. Null: any address.',
      },
    }),
    IsOptional(),
    ...list(MAX_NETWORKS, 'null for any address'),
    rule('networks', isCidr, 'each must be a network such as 192.0.2.0/24 or 2001:db8::/32', true),
  );

export const KeyClients = () =>
  applyDecorators(
    Field({
      ...{ type: 'array', items: { type: 'string' }, nullable: true, minItems: 1, maxItems: MAX_CLIENTS },
      ...{ example: ['ws-17'], description: 'Clients to whose sessions the key is limited. Null: all clients.' },
    }),
    IsOptional(),
    ...list(MAX_CLIENTS, 'null for all clients'),
    rule(
      'clients',
      (v) => typeof v === 'string' && CLIENT_GUID.test(v),
      'each must be 1 to 64 visible ASCII characters',
      true,
    ),
  );

function list(max: number, instead: string) {
  return [
    ArrayMaxSize(max, { message: `must not have more than ${max} elements` }),
    ArrayNotEmpty({ message: `must not be empty; ${instead}` }),
    IsArray({ message: `must be an array, or ${instead}` }),
  ];
}
