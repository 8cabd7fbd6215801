import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ascii, instant } from '../../../platform/database/schema/columns.js';

/** A link that logs in to the console once. Only the hash of its token is stored. */
@Entity('console_links')
export class ConsoleLinkEntity {
  @PrimaryColumn({ ...ascii(64), name: 'token_hash' }) tokenHash!: string;
  /** Prefix of the key that the login is bound to. */
  @Column({ ...ascii(8), name: 'key_prefix' }) keyPrefix!: string;
  @Column({ ...instant, name: 'expires_at' }) expiresAt!: string;
}
