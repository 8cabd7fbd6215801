import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { ascii, instant, longText, text } from '../../../platform/database/schema/columns.js';

/** A key of a program that calls the API. Only the hash of its secret is stored. */
@Entity('api_keys')
@Unique('uq_api_keys_prefix', ['prefix'])
export class ApiKey {
  @PrimaryGeneratedColumn({ type: 'int' }) id!: number;
  /** The public part of the key, by which it is found and named. */
  @Column(ascii(8)) prefix!: string;
  @Column({ ...ascii(64), name: 'secret_hash' }) secretHash!: string;
  @Column(text(128)) name!: string;
  /** Names of scopes, one space between them. */
  @Column(ascii(255)) scopes!: string;
  @Column({ ...instant, name: 'created_at' }) createdAt!: string;
  @Column({ ...instant, name: 'expires_at', nullable: true }) expiresAt!: string | null;
  @Column({ ...instant, name: 'revoked_at', nullable: true }) revokedAt!: string | null;
  /** Exact to a minute. */
  @Column({ ...instant, name: 'last_used_at', nullable: true }) lastUsedAt!: string | null;
  /** Prefix of the caller that created it, or `command line`. */
  @Column({ ...text(128), name: 'created_by', default: 'command line' }) createdBy!: string;
  /** Prefix of the key that a rotation replaced by this one. */
  @Column({ ...ascii(8), nullable: true }) replaces!: string | null;
  /** Networks it may be used from, one space between them; null = from anywhere. */
  @Column({ ...longText, nullable: true }) cidrs!: string | null;
  /** Clients it is limited to, separated by a space, which no guid contains; null = all. */
  @Column({ ...longText, name: 'client_guids', nullable: true }) clientGuids!: string | null;
}
