import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ascii, counter, instant } from '../../../platform/database/schema/columns.js';

/** A signed statement of how long the audit chain was at an instant, and of its last hash. */
@Entity('audit_checkpoints')
export class AuditCheckpoint {
  @PrimaryColumn({ ...counter, name: 'record_count' }) count!: number;
  @Column(ascii(64)) hash!: string;
  @Column(instant) at!: string;
  @Column({ ...ascii(32), name: 'key_id' }) keyId!: string;
  @Column(ascii(128)) signature!: string;
}
