import type { AppConfig } from '../../../config/app-config.js';

/** For what follows the requests: pending audit records, the last checkpoints, and connections to the database. */
const CLOSING_MS = 15_000;

/** Milliseconds from SIGTERM within which a process ends. */
export function shutdownLimitMs({ SHUTDOWN_DELAY, SHUTDOWN_TIMEOUT }: AppConfig): number {
  return (SHUTDOWN_DELAY === 'off' ? 0 : SHUTDOWN_DELAY) + SHUTDOWN_TIMEOUT + CLOSING_MS;
}
