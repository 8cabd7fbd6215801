import { applyDecorators } from '@nestjs/common';
import { IsDefined } from 'class-validator';
import { Field } from './request-class.js';
import { IsInstant, IsNotAfter } from './rules/is-instant.js';

/** The required start of a window, beside a property `to`: an instant in milliseconds since 1970. */
export function FromParameter(meaning = 'First instant of the window'): PropertyDecorator {
  const description = `${meaning}, in the forms of \`start\` of \`GET /ekranapi/sessions\`.`;
  return applyDecorators(required('2021-04-01', description), IsNotAfter('to'), IsInstant(), isDefined());
}

/** The required end of a window: an instant in milliseconds since 1970. */
export function ToParameter(description = 'First instant after the window.'): PropertyDecorator {
  return applyDecorators(required('2021-04-02', description), IsInstant(), isDefined());
}

function required(example: string, description: string): PropertyDecorator {
  return Field({ required: true, type: 'string', example, description });
}

function isDefined(): PropertyDecorator {
  return IsDefined({ message: 'is required' });
}
