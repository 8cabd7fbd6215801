import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instant, longText, text } from '../../../platform/database/schema/columns.js';

/** Covers the reading of instants by time. */
export const ACTIVITY_TIME_INDEX = 'ix_activities_time';

/** One recorded event of a session. On the servers the rows of a session are stored together, in order of time. */
@Entity('activities')
@Index(ACTIVITY_TIME_INDEX, ['at', 'sessionId'])
export class Activity {
  @PrimaryColumn('int', { name: 'session_id' }) sessionId!: number;
  @PrimaryColumn(instant) at!: string;
  /** First 8 bytes of the SHA-256 of all other fields: distinguishes two activities of the same instant. */
  @PrimaryColumn('binary', { length: 8 }) digest!: Buffer;
  @Column({ ...text(255), nullable: true }) application!: string | null;
  @Column({ ...text(1024), nullable: true }) title!: string | null;
  @Column({ ...text(2048), nullable: true }) url!: string | null;
  @Column({ ...longText, nullable: true }) keystrokes!: string | null;
  @Column({ ...text(64), nullable: true }) kind!: string | null;
  /** The version of its session that added it; 0 belongs to version 1. */
  @Column('int', { default: 0 }) version!: number;
}
