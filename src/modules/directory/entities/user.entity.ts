import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { text } from '../../../platform/database/schema/columns.js';

/** An account, known by its name and an optional domain (empty when there is none). */
@Entity('users')
@Unique('uq_users_name', ['domain', 'name'])
export class User {
  @PrimaryGeneratedColumn({ type: 'int' }) id!: number;
  @Column({ ...text(128), default: '' }) domain!: string;
  @Column(text(128)) name!: string;
}
