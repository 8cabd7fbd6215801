import { Injectable, Logger, ServiceUnavailableException } from '@nestjs/common';
import { type HealthCheckResult, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { DatabaseStatus } from '../../platform/database/database-status.js';
import { SchemaStatus } from '../../platform/database/schema/schema-status.js';
import { withoutSecrets } from '../../platform/text/secrets.js';
import { AuditService } from '../audit/audit.service.js';

/** Milliseconds for which the result of a check is reused, so a flood of questions costs the database nothing. */
const CACHE_MS = 1000;
/** Milliseconds after which a check counts as failed. */
const CHECK_TIMEOUT_MS = 3000;

type CheckName = 'database' | 'schema' | 'audit';

interface ReadinessCheck {
  readonly name: CheckName;
  readonly up: boolean;
  /** The reason when it is not up. */
  readonly detail: string | null;
  readonly durationMs: number;
}

export interface Readiness {
  readonly isReady: boolean;
  readonly isShuttingDown: boolean;
  readonly checks: readonly ReadinessCheck[];
}

/** Decides whether this process can serve requests. */
@Injectable()
export class ReadinessService {
  private readonly logger = new Logger('Readiness');
  private wasReady = true;

  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly status: DatabaseStatus,
    private readonly schema: SchemaStatus,
    private readonly audit: AuditService,
  ) {}

  async check(): Promise<Readiness> {
    const readiness = readinessOf(await this.run());
    this.logChange(readiness);
    return readiness;
  }

  /** Whether the database answers reads and takes changes; nothing else is checked. */
  async databaseAnswers(): Promise<boolean> {
    return (await this.database()).database.status === 'up';
  }

  private run(): Promise<HealthCheckResult> {
    const result = this.health.check([
      () => this.database(),
      () => this.attempt('schema', () => this.schema.requireCurrent()),
      () => this.attempt('audit', () => this.audit.requireWritable()),
    ]);
    return result.catch((error: unknown) => {
      if (error instanceof ServiceUnavailableException) return error.getResponse() as HealthCheckResult;
      throw error;
    });
  }

  private database() {
    return this.attempt('database', (signal) => this.status.requireUsable(signal));
  }

  private attempt<Name extends CheckName>(name: Name, work: (signal: AbortSignal) => Promise<void>) {
    return this.indicators
      .check(name)
      .attempt(({ signal }) => work(signal))
      .withTimeout(CHECK_TIMEOUT_MS)
      .cacheFor(CACHE_MS);
  }

  /** One line when the state changes: orchestrators ask every few seconds. */
  private logChange({ isReady, isShuttingDown, checks }: Readiness): void {
    if (isReady === this.wasReady) return;
    this.wasReady = isReady;
    if (isReady) return this.logger.log('ready again');
    const faults = checks.filter(({ up }) => !up).map(({ name, detail }) => `${name}: ${detail}`);
    this.logger.warn(`not ready: ${[...(isShuttingDown ? ['shutting down'] : []), ...faults].join('; ')}`);
  }
}

function readinessOf({ status, details }: HealthCheckResult): Readiness {
  const checks = Object.entries(details).map(([name, result]) => ({
    name: name as CheckName,
    up: result.status === 'up',
    detail: result.status === 'up' ? null : withoutSecrets(String(result['message'] ?? 'no reason is known')),
    durationMs: Math.round(Number(result['responseTime'] ?? 0) * 10) / 10,
  }));
  return { isReady: status === 'ok', isShuttingDown: status === 'shutting_down', checks };
}
