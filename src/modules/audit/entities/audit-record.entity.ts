import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { ascii, counter, instant, longText, text } from '../../../platform/database/schema/columns.js';

/** One record of the audit chain; the names of its fields are explained in chain/audit-record.ts. */
@Entity('audit_records')
@Index('ix_audit_records_at', ['at'])
@Index('ix_audit_records_caller', ['caller', 'seq'])
export class AuditRecordEntity {
  @PrimaryColumn(counter) seq!: number;
  @Column(instant) at!: string;
  @Column(ascii(9)) kind!: string;
  @Column({ ...counter, name: 'request_seq', nullable: true }) requestSeq!: number | null;
  @Column({ ...ascii(128), name: 'request_id', nullable: true }) requestId!: string | null;
  @Column({ ...text(128), nullable: true }) caller!: string | null;
  @Column({ ...text(128), name: 'caller_name', nullable: true }) callerName!: string | null;
  @Column({ ...ascii(45), nullable: true }) address!: string | null;
  @Column({ ...ascii(32), nullable: true }) action!: string | null;
  @Column(ascii(32)) method!: string;
  @Column(text(1024)) path!: string;
  @Column(longText) filter!: string;
  @Column('int', { nullable: true }) status!: number | null;
  @Column({ ...counter, name: 'row_count', nullable: true }) rows!: number | null;
  @Column({ ...counter, name: 'byte_count', nullable: true }) bytes!: number | null;
  @Column({ ...counter, name: 'duration_ms', nullable: true }) durationMs!: number | null;
  @Column('smallint', { name: 'cut_short', nullable: true }) cutShort!: number | null;
  @Column({ ...ascii(64), name: 'previous_hash' }) previousHash!: string;
  @Column(ascii(64)) hash!: string;
}
