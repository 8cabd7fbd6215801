import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { ProblemError } from '../problems/problem.js';
import type { AppConfig } from '../../../config/app-config.js';

/** Longer than any valid URL, but below the limit of the headers, so that the answer is 414 and not 431. */
const MAX_URL_CHARACTERS = 8 * 1024;
const HSTS_SECONDS = 365 * 24 * 3600;

const EXPOSED = ['Data-As-Of', 'Link', 'Location', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id'];
const ALLOWED = ['ApiKey', 'Authorization', 'Content-Type', 'Prefer', 'X-Request-Id'];

/** Security headers, CORS, the limit on the length of a URL, and headers that HTTP itself requires or forbids. */
export function useHttpSecurity(app: NestExpressApplication, config: AppConfig): void {
  // Swagger UI needs inline styles and no other exception.
  const directives = {
    'style-src': ["'self'", "'unsafe-inline'"],
    'frame-ancestors': ["'none'"],
    'upgrade-insecure-requests': null,
  };
  app.use(
    helmet({
      contentSecurityPolicy: { directives },
      frameguard: { action: 'deny' },
      strictTransportSecurity: false,
    }),
  );
  const hsts = helmet.strictTransportSecurity({ maxAge: HSTS_SECONDS });
  // Browsers ignore it over plain HTTP. A trusted proxy reports the original scheme.
  app.use((req: Request, res: Response, next: NextFunction) => (req.secure ? hsts(req, res, next) : next()));
  app.use(noStore, refuseLongAddress, refuseExpectation, refuseMissingHost);
  if (config.corsOrigins.length > 0) {
    // No page of another origin can use cookies: each sends its own key. The header of the console is not among the allowed.
    app.enableCors({
      ...{ origin: config.corsOrigins, credentials: false, maxAge: 600 },
      ...{ allowedHeaders: ALLOWED, exposedHeaders: EXPOSED, methods: ['GET', 'HEAD', 'POST', 'PATCH'] },
    });
  }
}

function noStore(req: Request, res: Response, next: NextFunction): void {
  if (/^\/(ekranapi|api|console)\//i.test(req.path)) res.setHeader('Cache-Control', 'no-store');
  next();
}

function refuseLongAddress(req: Request, _res: Response, next: NextFunction): void {
  if (req.originalUrl.length <= MAX_URL_CHARACTERS) return next();
  next(new ProblemError('uri-too-long', `The address is longer than ${MAX_URL_CHARACTERS} characters.`));
}

/** RFC 9110, section 10.1.1. HTTP/1.0 does not know the header. */
function refuseExpectation({ httpVersion, headers }: Request, _res: Response, next: NextFunction): void {
  const { expect } = headers;
  if (expect === undefined || httpVersion === '1.0' || /^\s*100-continue\s*$/i.test(expect)) return next();
  next(new ProblemError('expectation-failed', 'The header Expect may only be 100-continue.'));
}

/** RFC 9112, section 3.2. */
function refuseMissingHost({ httpVersion, headers }: Request, _res: Response, next: NextFunction): void {
  if (headers.host !== undefined || httpVersion === '1.0') return next();
  next(new ProblemError('invalid-request', 'The header Host is missing.', { headers: { Connection: 'close' } }));
}
