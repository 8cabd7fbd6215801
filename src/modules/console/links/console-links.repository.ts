import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThanOrEqual, MoreThan, Repository } from 'typeorm';
import type { Transaction } from '../../../platform/database/transactions/transactions.js';
import { ConsoleLinkEntity } from '../entities/console-link.entity.js';

/** A one-time link as it is stored. `expiresAt` is instant text. */
export interface StoredLink {
  readonly tokenHash: string;
  readonly keyPrefix: string;
  readonly expiresAt: string;
}

/** Reads and writes one-time links. */
@Injectable()
export class ConsoleLinksRepository {
  constructor(@InjectRepository(ConsoleLinkEntity) private readonly links: Repository<ConsoleLinkEntity>) {}

  async find(tokenHash: string, now: string): Promise<StoredLink | undefined> {
    return (await this.links.findOneBy({ tokenHash, expiresAt: MoreThan(now) })) ?? undefined;
  }

  async add({ manager }: Transaction, link: StoredLink): Promise<void> {
    await manager.createQueryBuilder().insert().into(ConsoleLinkEntity).values(link).updateEntity(false).execute();
  }

  /** @returns whether this call removed it: of concurrent ones, one does */
  async remove(tx: Transaction, tokenHash: string): Promise<boolean> {
    const { affected } = await tx.manager.delete(ConsoleLinkEntity, { tokenHash });
    return affected === 1;
  }

  async removeExpired({ manager }: Transaction, now: string): Promise<void> {
    await manager.delete(ConsoleLinkEntity, { expiresAt: LessThanOrEqual(now) });
  }
}
