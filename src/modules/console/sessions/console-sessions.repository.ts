import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, LessThanOrEqual } from 'typeorm';
import { WriterReads } from '../../../platform/database/reads/writer-reads.js';
import type { Transaction } from '../../../platform/database/transactions/transactions.js';
import type { Scope } from '../../../platform/http/scopes.js';
import { ConsoleSessionEntity } from '../entities/console-session.entity.js';
import type { LoginMethod, StoredConsoleSession } from './console-session.js';

/** Reads sessions of the console; `within` gives what writes them. */
@Injectable()
export class ConsoleSessionsRepository {
  constructor(@Inject(WriterReads) private readonly writer: WriterReads) {}

  async byIdHash(idHash: string): Promise<StoredConsoleSession | undefined> {
    const row = await this.writer.run((manager) => manager.findOneBy(ConsoleSessionEntity, { idHash }));
    return row === null ? undefined : toSession(row);
  }

  within({ manager }: Transaction): BoundConsoleSessions {
    return new BoundConsoleSessions(manager);
  }
}

/** Sessions within one transaction. */
class BoundConsoleSessions {
  constructor(private readonly manager: EntityManager) {}

  async add({ identity, ...fields }: StoredConsoleSession): Promise<void> {
    const row = {
      ...fields,
      name: identity?.name ?? null,
      scopes: identity && [...identity.scopes].join(' '),
      clientGuids: identity?.rowScope?.join(' ') ?? null,
    };
    await this.manager
      .createQueryBuilder()
      .insert()
      .into(ConsoleSessionEntity)
      .values(row)
      .updateEntity(false)
      .execute();
  }

  /** Moves forward only. */
  async noteUse(idHash: string, at: string): Promise<void> {
    const update = this.manager.createQueryBuilder().update(ConsoleSessionEntity).set({ lastUsedAt: at });
    await update.where('id_hash = :idHash AND last_used_at < :at', { idHash, at }).execute();
  }

  async remove(idHash: string): Promise<void> {
    await this.manager.delete(ConsoleSessionEntity, { idHash });
  }

  /** @returns how many there were */
  async removeAll(caller: string): Promise<number> {
    const count = await this.manager.countBy(ConsoleSessionEntity, { caller });
    await this.manager.delete(ConsoleSessionEntity, { caller });
    return count;
  }

  /** Removes those that have ended: at their last instant, or because their last use was at `idleSince` or earlier. */
  async removeEnded(now: string, idleSince: string): Promise<void> {
    await this.manager.delete(ConsoleSessionEntity, { expiresAt: LessThanOrEqual(now) });
    await this.manager.delete(ConsoleSessionEntity, { lastUsedAt: LessThanOrEqual(idleSince) });
  }

  /** Removes those of a caller that were used least recently, so that `keep` remain. */
  async removeLeastRecent(caller: string, keep: number): Promise<void> {
    const rows = await this.manager.find(ConsoleSessionEntity, {
      ...{ select: { idHash: true }, where: { caller } },
      ...{ order: { lastUsedAt: 'DESC', idHash: 'ASC' }, skip: keep, take: 1000 },
    });
    for (const { idHash } of rows) await this.remove(idHash);
  }
}

function toSession(row: ConsoleSessionEntity): StoredConsoleSession {
  const { idHash, caller, createdAt, lastUsedAt, expiresAt, name, scopes, clientGuids } = row;
  const identity = name !== null && scopes !== null && identityOf(name, scopes, clientGuids);
  const method = row.method as LoginMethod;
  return { idHash, method, caller, createdAt, lastUsedAt, expiresAt, identity: identity || null };
}

function identityOf(name: string, scopes: string, clientGuids: string | null): StoredConsoleSession['identity'] {
  return {
    name,
    scopes: new Set(words(scopes) as Scope[]),
    rowScope: clientGuids === null ? null : words(clientGuids),
  };
}

/** An identity may have no scope, or see no client. */
function words(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}
