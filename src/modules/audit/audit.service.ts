import { userInfo } from 'node:os';
import { Injectable } from '@nestjs/common';
import type { AuditAction } from './port/audit-action.js';
import type { CallFilter } from '../../platform/http/call.js';
import { AuditLog } from './chain/audit-log.js';
import { recordableFilter, recordableName, recordablePath } from './recording/recordable-text.js';
import { SCHEMA_MIGRATE } from './audit.audit.js';

/** How a command ended; `begun` before it does anything. */
export type CommandOutcome =
  | { readonly begun: true }
  | { readonly exitCode: number; readonly requestSeq?: number; readonly rows?: number; readonly durationMs?: number };

/** The way into the audit for whatever is no HTTP request. */
@Injectable()
export class AuditService {
  constructor(private readonly log: AuditLog) {}

  /**
   * Records a step of the command line under the name of the account that runs it.
   *
   * @param filter what it was asked to do, without secrets
   * @returns number of the record, once it is durable
   * @throws ProblemError `audit-unavailable`; the command should then not be carried out
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

  /** To be recorded behind the fact: before it there may be no table. @param names of the migrations that were run */
  async recordMigrations(names: readonly string[]): Promise<void> {
    await this.recordCommand(SCHEMA_MIGRATE, { migrations: names.join(' ') }, { exitCode: 0, rows: names.length });
  }

  /**
   * Carries a command out between two records: one before it does anything, one that says how it ended.
   *
   * @param endOf the exit code and how many records changed, told from what the work returns
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

/** An account without an entry in the password file has a number only, as in a container of an arbitrary user. */
function account(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
