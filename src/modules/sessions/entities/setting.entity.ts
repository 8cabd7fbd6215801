import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ascii, text } from '../../../platform/database/schema/columns.js';

/** A value that all processes on one database share. */
@Entity('settings')
export class Setting {
  @PrimaryColumn(ascii(64)) name!: string;
  @Column(text(255)) value!: string;
}
