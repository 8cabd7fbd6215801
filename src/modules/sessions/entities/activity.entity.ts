import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One recorded moment inside a session; the rows of a session lie together, in order of time. */
@Entity('activities')
export class Activity {
  @PrimaryColumn('int', { name: 'session_id' }) sessionId!: number;
  @PrimaryColumn('datetime', { precision: 3 }) at!: Date;
  /** First 8 bytes of the SHA-256 of all other fields: tells two activities of one instant apart. BINARY(8) in the schema. */
  @PrimaryColumn('blob') digest!: Buffer;
  @Column('varchar', { length: 255, nullable: true }) application!: string | null;
  @Column('varchar', { length: 1024, nullable: true }) title!: string | null;
  @Column('varchar', { length: 2048, nullable: true }) url!: string | null;
  @Column('text', { nullable: true }) keystrokes!: string | null;
  @Column('varchar', { length: 64, nullable: true }) kind!: string | null;
}
