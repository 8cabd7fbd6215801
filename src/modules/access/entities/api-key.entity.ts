import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A key of a program that calls us. The key itself is never stored, only the hash of its secret. */
@Entity('api_keys')
export class ApiKey {
  @PrimaryGeneratedColumn({ type: 'int' }) id!: number;
  /** The public part of the key, by which it is found and named. */
  @Column('varchar', { length: 8, unique: true }) prefix!: string;
  @Column('varchar', { name: 'secret_hash', length: 64 }) secretHash!: string;
  @Column('varchar', { length: 128 }) name!: string;
  /** Names of scopes, one space between them. */
  @Column('varchar', { length: 255 }) scopes!: string;
  @Column('datetime', { name: 'created_at', precision: 3 }) createdAt!: Date;
  @Column('datetime', { name: 'expires_at', precision: 3, nullable: true }) expiresAt!: Date | null;
  @Column('datetime', { name: 'revoked_at', precision: 3, nullable: true }) revokedAt!: Date | null;
  @Column('datetime', { name: 'last_used_at', precision: 3, nullable: true }) lastUsedAt!: Date | null;
  /** Prefix of the caller that made it, or `command line`. */
  @Column('varchar', { name: 'created_by', length: 128, default: 'command line' }) createdBy!: string;
  /** Prefix of the key that a rotation replaced by this one. */
  @Column('varchar', { length: 8, nullable: true }) replaces!: string | null;
  /** Networks it may be used from, one space between them; null = from anywhere. */
  @Column('text', { nullable: true }) cidrs!: string | null;
  /** Clients it is limited to, one space between them, which no guid holds; null = all. */
  @Column('text', { name: 'client_guids', nullable: true }) clientGuids!: string | null;
}
