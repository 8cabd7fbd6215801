import { ConsoleLogger, type ConsoleLoggerOptions, type LogLevel } from '@nestjs/common';
import type { AppConfig } from '../../config/app-config.js';

/** From the one that is always written to the most talkative. */
const LEVELS = ['error', 'warn', 'log', 'debug'] as const satisfies LogLevel[];

/** What the framework reports at every start, such as each route: one line of our own sums it up. */
const STARTUP_CONTEXTS = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);
/** The framework logs a failed start with its stack and then throws it; the caller reports it in readable form. */
const RETHROWN_CONTEXTS = new Set(['ExceptionHandler', 'NestApplication']);

/** A line for each message, as JSON or text, with the instant in ISO 8601 (RFC 3339) in UTC. */
export class AppLogger extends ConsoleLogger {
  constructor({ LOG_FORMAT, LOG_LEVEL }: Pick<AppConfig, 'LOG_FORMAT' | 'LOG_LEVEL'>) {
    super(loggerOptions(LOG_FORMAT, LOG_LEVEL));
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (STARTUP_CONTEXTS.has(String(rest.at(-1)))) this.debug(message, ...rest);
    else super.log(message, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    if (RETHROWN_CONTEXTS.has(String(rest.at(-1)))) this.debug(message, ...rest);
    else super.error(message, ...rest);
  }

  protected override getTimestamp(): string {
    return new Date().toISOString();
  }

  protected override getJsonLogObject(...args: Parameters<ConsoleLogger['getJsonLogObject']>) {
    // The framework declares milliseconds since 1970 here; the object only becomes JSON text.
    return { ...super.getJsonLogObject(...args), timestamp: this.getTimestamp() as never };
  }
}

function loggerOptions(format: string, level: string): ConsoleLoggerOptions {
  const json = format === 'json';
  return {
    json,
    colors: !json && hasColors(process.stdout) && hasColors(process.stderr),
    logLevels: LEVELS.slice(0, LEVELS.indexOf(level as (typeof LEVELS)[number]) + 1),
    prefix: 'session-audit',
  };
}

/** Errors go to standard error. `hasColors` honours NO_COLOR (no-color.org), TERM and the like. */
function hasColors(stream: NodeJS.WriteStream): boolean {
  // `isTTY` is undefined, not false, on a pipe, and the framework takes undefined colours for wanted ones.
  return stream.isTTY === true && stream.hasColors();
}
