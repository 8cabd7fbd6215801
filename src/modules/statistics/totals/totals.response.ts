import { ApiProperty } from '../../../platform/http/docs/decorators.js';

export class ActiveNameResponse {
  @ApiProperty({ type: String, description: 'The application, site or user.', example: 'winword.exe' })
  name!: string;

  @ApiProperty({ type: Number, description: 'Active seconds.', example: 5025.5 })
  seconds!: number;
}

export class ActiveDayResponse {
  @ApiProperty({ type: String, description: 'In the time zone of the API.', example: '2021-04-01' })
  day!: string;

  @ApiProperty({ type: Number, description: 'Active seconds of all names.', example: 5025.5 })
  seconds!: number;
}

/** The active time of a window. */
export class ActiveTotalsResponse {
  @ApiProperty({ type: [ActiveNameResponse], description: 'Longest first, then by name.' })
  items!: ActiveNameResponse[];

  @ApiProperty({ type: Number, description: 'Active seconds of the names beyond `limit`.', example: 0 })
  otherSeconds!: number;

  @ApiProperty({ type: [ActiveDayResponse], description: 'Days with active time, in order.' })
  days!: ActiveDayResponse[];
}
