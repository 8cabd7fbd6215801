import { userInfo } from 'node:os';
import { Injectable } from '@nestjs/common';
import type { AuditAction } from './port/audit-action.js';
import type { CallFilter } from '../../platform/http/call.js';
import { AuditLog } from './chain/audit-log.js';
import { recordableFilter, recordableName, recordablePath } from './recording/recordable-text.js';
import { SCHEMA_MIGRATE } from './audit.audit.js';

/** `begun` before a command starts; otherwise its end. */
export type CommandOutcome =
  | { readonly begun: true }
  | { readonly exitCode: number; readonly requestSeq?: number; readonly rows?: number; readonly durationMs?: number };

/** Records commands of the command line. HTTP requests are recorded by `CallRecorder`. */
@Injectable()
export class AuditService {
  constructor(private readonly log: AuditLog) {}

  /**
   * Records the start or the end of a command under the name of the account that runs it.
   *
   * @param filter the parameters of the command, without secrets
   * @returns number of the record, once it is durable
   * @throws ProblemError `audit-unavailable`; the command must then not run
   */
  recordCommand(action: AuditAction, filter: CallFilter, outcome: CommandOutcome): Promise<number> {
    const end = 'begun' in outcome ? { exitCode: null } : outcome;
    return this.log.append({
      ...{ kind: 'command', requestSeq: null, requestId: null, caller: null, address: null, action },
      ...{ callerName: recordableName(account()), method: 'CLI', path: recordablePath(action.replace('.', ' ')) },
      ...{ filter: recordableFilter(filter), status: end.exitCode, bytes: null, cutShort: null },
      rows: 'rows' in end ? (end.rows ?? null) : null,
      durationMs: 'durationMs' in end ? (end.durationMs ?? null) : null,
      ...('requestSeq' in end ? { requestSeq: end.requestSeq ?? null } : {}),
    });
  }

  /** @throws Error when records cannot be written, and so no call can be answered */
  requireWritable(): Promise<void> {
    return this.log.requireWritable();
  }

  /** Records migrations afterwards, because the table may not exist before. @param names of the applied migrations */
  async recordMigrations(names: readonly string[]): Promise<void> {
    await this.recordCommand(SCHEMA_MIGRATE, { migrations: names.join(' ') }, { exitCode: 0, rows: names.length });
  }

  /**
   * Runs a command between two records: one before it starts, and one with its result.
   *
   * @param endOf derives the exit code and the number of changed records from the result of `work`
   */
  async command<T>(
    action: AuditAction,
    filter: CallFilter,
    work: () => Promise<T>,
    endOf: (result: T) => { exitCode: number; rows?: number } = () => ({ exitCode: 0 }),
  ): Promise<T> {
    const requestSeq = await this.recordCommand(action, filter, { begun: true });
    const started = performance.now();
    const recordEnd = (end: { exitCode: number; rows?: number }) => {
      const durationMs = Math.round(performance.now() - started);
      return this.recordCommand(action, filter, { ...end, requestSeq, durationMs });
    };
    try {
      const result = await work();
      await recordEnd(endOf(result));
      return result;
    } catch (error) {
      await recordEnd({ exitCode: 1 }).catch(() => undefined); // the first error is the one to report
      throw error;
    }
  }
}

/** The account that runs this process. One without a password file entry has only a number, as in a container with an arbitrary user. */
export function account(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
