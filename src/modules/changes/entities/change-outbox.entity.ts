import { Column, Entity, PrimaryColumn } from 'typeorm';
import { counter, instant } from '../../../platform/database/schema/columns.js';

/**
 * Changes of a committed transaction that have no place in the log yet. SQLite needs none: its one writer gives places at
 * once.
 */
@Entity('change_outbox')
export class ChangeOutbox {
  @PrimaryColumn({ ...counter, generated: 'increment' }) id!: number;
  @Column({ ...instant }) at!: string;
  /** JSON array of up to PENDING_CHANGES changes, see `log/change-entry.ts`. */
  @Column({ type: 'text', charset: 'ascii', collation: 'ascii_bin' }) changes!: string;
}
