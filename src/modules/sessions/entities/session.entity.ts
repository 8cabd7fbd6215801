import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** One user on one client from login to logout. Instants are UTC with milliseconds. */
@Entity('sessions')
@Unique('uq_sessions_external', ['clientId', 'externalId'])
export class Session {
  @PrimaryGeneratedColumn({ type: 'int' }) id!: number;
  @Column('int', { name: 'client_id' }) clientId!: number;
  @Column('int', { name: 'user_id' }) userId!: number;
  @Column('varchar', { name: 'external_id', length: 128 }) externalId!: string;
  @Column('datetime', { name: 'login_at', precision: 3 }) loginAt!: Date;
  @Column('datetime', { name: 'logout_at', precision: 3, nullable: true }) logoutAt!: Date | null;
  /** The latest sign of life: login, `lastSeen`, an activity or the logout. */
  @Column('datetime', { name: 'last_seen_at', precision: 3 }) lastSeenAt!: Date;
  /** The logout; the last sign of life of a session that is lost; null while it is live. */
  @Column('datetime', { name: 'ended_at', precision: 3, nullable: true }) endedAt!: Date | null;
}
