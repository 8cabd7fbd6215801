import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** An account, known by its name and an optional domain (empty when there is none). */
@Entity('users')
@Unique('uq_users_name', ['domain', 'name'])
export class User {
  @PrimaryGeneratedColumn({ type: 'int' }) id!: number;
  @Column('varchar', { length: 128, default: '' }) domain!: string;
  @Column('varchar', { length: 128 }) name!: string;
}
