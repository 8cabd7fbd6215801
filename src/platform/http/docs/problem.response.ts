import { ApiProperty, ApiSchema } from './decorators.js';

export class FaultResponse {
  @ApiProperty({ type: String, example: 'start', description: 'The parameter, or the field of the body.' })
  parameter!: string;

  @ApiProperty({ type: String, example: 'is after end' })
  detail!: string;
}

/** The body of every error (RFC 9457). */
@ApiSchema({ name: 'Problem' })
export class ProblemResponse {
  @ApiProperty({ type: String, format: 'uri', example: 'urn:session-audit:problem:invalid-parameter' })
  type!: string;

  @ApiProperty({ type: String, example: 'A parameter is not valid' })
  title!: string;

  @ApiProperty({ type: 'integer', minimum: 400, maximum: 599, example: 400 })
  status!: number;

  @ApiProperty({ type: String, example: 'start: is after end' })
  detail!: string;

  @ApiProperty({ type: String, description: 'Path of the request.', example: '/ekranapi/sessions' })
  instance!: string;

  @ApiProperty({ type: String, description: 'As in the header `X-Request-Id`; the log names it.', example: 'req-17' })
  requestId!: string;

  @ApiProperty({ type: [FaultResponse], required: false, description: 'Every fault of the request, for 400.' })
  errors?: FaultResponse[];
}
