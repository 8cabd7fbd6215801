import { Column, Entity, PrimaryColumn } from 'typeorm';
import { counter, longText } from '../../../platform/database/schema/columns.js';

/** A signed statement of the size and the root of the change log. Rows are only added. */
@Entity('change_checkpoints')
export class ChangeCheckpoint {
  /** Number of entries. */
  @PrimaryColumn(counter) size!: number;
  /** Signed note in the form of C2SP tlog-checkpoint. */
  @Column(longText) note!: string;
}
