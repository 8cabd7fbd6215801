import { isIP } from 'node:net';
import { ValidateBy } from 'class-validator';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:9464`, `[::1]:9464`, or `off`. */
export const IsListenAddressOrOff = () =>
  ValidateBy({
    name: 'isListenAddressOrOff',
    validator: {
      validate: (value) => value === 'off' || isListenAddress(value),
      defaultMessage: () => '$property must be an address and a port such as 127.0.0.1:9464, or off',
    },
  });

/** Of a service on the own network, so plain HTTP is allowed. */
export const IsHttpUrlOrEmpty = () =>
  ValidateBy({
    name: 'isHttpUrlOrEmpty',
    validator: {
      validate: (value) =>
        value === '' || (typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)),
      defaultMessage: () => '$property must be an http:// or https:// address such as http://127.0.0.1:4318',
    },
  });

/** @param address has the form that `IsListenAddressOrOff` accepts */
export function splitAddress(address: string): ListenAddress {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(address.slice(at + 1)) };
}

function isListenAddress(value: unknown): boolean {
  const [, address, port] = (typeof value === 'string' && /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(value)) || [];
  if (address === undefined || Number(port) > 65_535) return false;
  return isIP(address.replace(/^\[|\]$/g, '')) !== 0;
}
