import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A monitored machine. */
@Entity('clients')
export class Client {
  @PrimaryGeneratedColumn({ type: 'int' }) id!: number;
  /** Opaque, 1 to 64 visible ASCII characters, compared byte for byte. */
  @Column('varchar', { length: 64, unique: true }) guid!: string;
  @Column('varchar', { length: 255 }) name!: string;
  /** The latest instant that came with this name: of two names the later one stands. */
  @Column('datetime', { name: 'name_at', precision: 3 }) nameAt!: Date;
}
