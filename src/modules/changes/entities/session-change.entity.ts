import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { counter, instant } from '../../../platform/database/schema/columns.js';

const CHANGE_SESSION_INDEX = 'ix_session_changes_session';

/** One entry of the change log (docs/change-log.md). Rows are only added, by the process that holds the row of `change_head`. */
@Entity('session_changes')
@Index(CHANGE_SESSION_INDEX, ['sessionId', 'version'])
export class SessionChange {
  /** Place in the log: 1, 2, 3, … without a gap. */
  @PrimaryColumn(counter) seq!: number;
  @Column('int', { name: 'session_id' }) sessionId!: number;
  /** Of the session; 1 when it was created. */
  @Column('int') version!: number;
  /** A code of `port/change-kind.ts`. */
  @Column('smallint') kind!: number;
  @Column({ ...instant }) at!: string;
  @Column('int', { name: 'client_id' }) clientId!: number;
  /** Commitment to the session, see `port/commitments.ts`; null when the session was deleted. */
  @Column('binary', { length: 32, name: 'session_hash', nullable: true }) sessionHash!: Buffer | null;
  /** Number of activities that this version added. */
  @Column('int') activities!: number;
  /** Commitment to these activities; null when there are none. */
  @Column('binary', { length: 32, name: 'activities_hash', nullable: true }) activitiesHash!: Buffer | null;
  /** Leaf of the Merkle tree: SHA-256 of a zero byte and the text of the entry (RFC 9162, section 2.1.1). */
  @Column('binary', { length: 32 }) leaf!: Buffer;
}
