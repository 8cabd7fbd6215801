import type { AddressInfo, Server } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import type { AppConfig } from '../../../config/app-config.js';
import { usesTls } from './http-server.js';

/** The server cannot listen on the configured address. */
export class ListenError extends Error {}

/**
 * Listens on HOST and PORT.
 *
 * @returns the address, as `serverAddress` gives it
 * @throws ListenError that names the variable to change
 */
export async function listen(app: INestApplication, config: AppConfig): Promise<string> {
  try {
    await app.listen(config.PORT, config.HOST);
  } catch (error) {
    throw new ListenError(reason((error as NodeJS.ErrnoException).code, config), { cause: error });
  }
  return serverAddress(app, config);
}

/** @returns address of a server that listens, such as `http://127.0.0.1:3000` */
export function serverAddress(app: INestApplication, config: AppConfig): string {
  const { address, family, port } = (app.getHttpServer() as Server).address() as AddressInfo;
  return `${usesTls(config) ? 'https' : 'http'}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function reason(code: string | undefined, { HOST, PORT }: AppConfig): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${PORT} of ${HOST} is in use already. Set PORT to another one.`;
    case 'EACCES':
      return `This process may not listen on port ${PORT} (EACCES). Set PORT to one above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST is not an address of this machine (${code}).`;
    default:
      return `The server cannot listen on port ${PORT} of ${HOST} (${code}).`;
  }
}
