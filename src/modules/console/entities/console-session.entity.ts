import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ascii, instant, longText, text } from '../../../platform/database/schema/columns.js';

/** A login to the console. Only the hash of its id is stored; the browser keeps the id in a cookie. */
@Entity('console_sessions')
@Index('ix_console_sessions_caller', ['caller'])
export class ConsoleSessionEntity {
  @PrimaryColumn({ ...ascii(64), name: 'id_hash' }) idHash!: string;
  /** `key`, `link` or `oidc`. */
  @Column(ascii(8)) method!: string;
  /** Prefix of the key, or `oidc:` and the subject. What a key may do is read from the key, with each call. */
  @Column(ascii(64)) caller!: string;
  @Column({ ...instant, name: 'created_at' }) createdAt!: string;
  @Column({ ...instant, name: 'last_used_at' }) lastUsedAt!: string;
  @Column({ ...instant, name: 'expires_at' }) expiresAt!: string;
  /** This and the following come from the token of the identity provider; null when a key logged in. */
  @Column({ ...text(128), nullable: true }) name!: string | null;
  /** Names of scopes, one space between them. */
  @Column({ ...ascii(255), nullable: true }) scopes!: string | null;
  /** Clients that the caller is limited to, one space between them; null = all. */
  @Column({ ...longText, name: 'client_guids', nullable: true }) clientGuids!: string | null;
}
