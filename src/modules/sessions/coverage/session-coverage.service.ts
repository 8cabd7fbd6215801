import { Inject, Injectable } from '@nestjs/common';
import { AppConfig } from '../../../config/app-config.js';
import { type Snapshot, Snapshots } from '../../../platform/database/snapshots/snapshots.js';
import { fromInstantText } from '../../../platform/time/instant.js';
import { DirectoryService } from '../../directory/directory.service.js';
import type { UserName } from '../../directory/port/user-name.js';
import { type CoverageRow, CoverageRepository } from './coverage.repository.js';
import type { Coverage, RecordedQuestion } from '../port/recorded-question.js';
import { type EndRules, type SubjectSession, coverageOf } from './covered-sessions.js';

/** Whose sessions are asked about. */
export type CoverageSubject =
  { readonly user: UserName } | { readonly clientGuid: string } | { readonly sessionId: number };

/** The latest sessions of a subject that are compared. With more, every question may have covered an older one. */
const MAX_SESSIONS = 5000;

/** Judges whether questions covered a session of one subject. */
export class SubjectCoverage {
  constructor(
    private readonly sessions: readonly SubjectSession[],
    private readonly hasMore: boolean,
    private readonly rules: EndRules,
  ) {}

  of(question: RecordedQuestion): Coverage {
    let best: Coverage = 'none';
    for (const session of this.sessions) {
      const coverage = coverageOf(session, question, this.rules);
      if (coverage === 'certain') return coverage;
      if (coverage === 'possible') best = coverage;
    }
    return best === 'none' && this.hasMore ? 'possible' : best;
  }
}

/** Tells which recorded questions covered the sessions of a person or a client. */
@Injectable()
export class SessionCoverageService {
  constructor(
    @Inject(Snapshots) private readonly snapshots: Snapshots,
    @Inject(CoverageRepository) private readonly repository: CoverageRepository,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  async coverageOf(subject: CoverageSubject, signal: AbortSignal): Promise<SubjectCoverage> {
    const snapshot = await this.snapshots.open(signal);
    try {
      const rows = await this.rowsOf(subject, snapshot);
      const sessions = await this.withNames(rows.slice(0, MAX_SESSIONS), snapshot);
      const rules = { lostAfterMs: this.config.lostAfterMs, fromText: fromInstantText };
      return new SubjectCoverage(sessions, rows.length > MAX_SESSIONS, rules);
    } finally {
      await snapshot.release();
    }
  }

  private async rowsOf(subject: CoverageSubject, snapshot: Snapshot): Promise<CoverageRow[]> {
    if ('sessionId' in subject) return this.repository.latest(snapshot, 'id', subject.sessionId, 1);
    const isUser = 'user' in subject;
    const ids = isUser
      ? await this.directory.userIds([subject.user], snapshot)
      : await this.directory.clientIds([subject.clientGuid], snapshot);
    const rows: CoverageRow[] = [];
    for (const id of ids)
      rows.push(...(await this.repository.latest(snapshot, isUser ? 'userId' : 'clientId', id, MAX_SESSIONS + 1)));
    return rows;
  }

  private async withNames(rows: readonly CoverageRow[], snapshot: Snapshot): Promise<SubjectSession[]> {
    const clients = await this.directory.clients(new Set(rows.map(([, clientId]) => clientId)), snapshot);
    const users = await this.directory.users(new Set(rows.map(([, , userId]) => userId)), snapshot);
    return rows.map(([id, clientId, userId, login, end, lastSeen]) => {
      const { domain, name } = users.get(userId)!;
      return {
        ...{ id, userId, login, end, lastSeen },
        clientGuid: clients.get(clientId)!.guid,
        user: { domain, name },
      };
    });
  }
}
