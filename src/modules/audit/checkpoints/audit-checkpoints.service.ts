import type { KeyObject } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Transactions } from '../../../platform/database/transactions/transactions.js';
import { Clock } from '../../../platform/time/clock.js';
import { CheckpointsService } from '../../checkpoints/checkpoints.service.js';
import type { SignedLog } from '../../checkpoints/port/signed-log.js';
import { AuditLog } from '../chain/audit-log.js';
import { AuditRepository } from '../chain/audit.repository.js';
import { checkpointLine, signCheckpoint } from './checkpoint.js';

/** Signs the state of the audit chain. */
@Injectable()
export class AuditCheckpointsService implements SignedLog, OnModuleInit {
  readonly title = 'audit';

  constructor(
    private readonly log: AuditLog,
    private readonly transactions: Transactions,
    private readonly repository: AuditRepository,
    @Inject(Clock) private readonly clock: Clock,
    private readonly checkpoints: CheckpointsService,
  ) {}

  onModuleInit(): void {
    this.checkpoints.register(this);
  }

  async signCheckpoint(privateKey: KeyObject, least: number): Promise<string | null> {
    const checkpoint = await this.transactions.run(async (tx) => {
      const chain = this.repository.within(tx);
      const { seq, hash } = await chain.lockHead();
      if (seq - (await chain.lastCheckpoint()) < least) return null;
      const time = new Date(this.clock.nowMs()).toISOString();
      const signed = signCheckpoint({ count: seq, hash, time }, privateKey);
      await chain.addCheckpoint(signed);
      return signed;
    });
    return checkpoint && checkpointLine(checkpoint);
  }

  onGrowth(listener: (size: number) => void): void {
    this.log.notifyCommits(listener);
  }

  flush(): Promise<void> {
    return this.log.flush();
  }
}
