import { Inject, Injectable } from '@nestjs/common';
import { type DataSource, IsNull } from 'typeorm';
import { DATA_SOURCE } from '../../database/tokens.js';
import { ApiKey } from './api-key.entity.js';

@Injectable()
export class ApiKeysRepository {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  byPrefix(prefix: string): Promise<ApiKey | null> {
    return this.keys.findOneBy({ prefix });
  }

  all(): Promise<ApiKey[]> {
    return this.keys.find({ order: { id: 'ASC' } });
  }

  async add(key: Omit<ApiKey, 'id'>): Promise<void> {
    await this.keys.insert(key);
  }

  /** Whether there was such a key that was not revoked yet. */
  async revoke(prefix: string, at: Date): Promise<boolean> {
    const { affected } = await this.keys.update({ prefix, revokedAt: IsNull() }, { revokedAt: at });
    return affected === 1;
  }

  async touch(id: number, at: Date): Promise<void> {
    await this.keys.update({ id }, { lastUsedAt: at });
  }

  private get keys() {
    return this.dataSource.getRepository(ApiKey);
  }
}
