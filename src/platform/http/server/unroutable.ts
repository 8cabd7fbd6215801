import { Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { newCall } from '../call.js';
import { answerProblem } from '../problems/problem.filter.js';
import { ProblemError } from '../problems/problem.js';
import { requestId } from './request-id.js';

const logger = new Logger('Router');

/**
 * Answers a request whose target is not a URL, such as `GET http://[`. The router of Express then runs no middleware, and
 * would answer with a page of its own.
 */
export function answerUnroutable(req: Request, res: Response): void {
  const nothing = () => {};
  requestId(req, res, nothing);
  newCall(req, res, nothing);
  answerProblem(new ProblemError('invalid-request', 'The address of the request is malformed.'), req, res, logger);
}
