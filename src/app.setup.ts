import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { ConsoleLogger, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { AppModule } from './app.module.js';
import { newCall } from './common/call.js';
import type { Clock } from './common/clock.js';
import { ProblemFilter, answerProblem } from './common/problem.filter.js';
import { ProblemError, problemBody } from './common/problem.js';
import { requestId } from './common/request-id.js';
import type { AppConfig } from './config/app-config.js';
import { CallRecorder } from './modules/audit/call-recorder.js';

export type App = NestExpressApplication;

/** Builds the application, ready to listen; the tests and the command line use the same one. */
export async function createApp(config: AppConfig, clock?: Clock): Promise<App> {
  const levels = ['error', 'warn', 'log', 'debug'] as const;
  const logLevels = levels.slice(0, levels.indexOf(config.LOG_LEVEL as (typeof levels)[number]) + 1);
  const logger = new ConsoleLogger({ json: config.LOG_FORMAT === 'json', logLevels: [...logLevels] });
  const app = await NestFactory.create<App>(await AppModule.with(config, clock), {
    bodyParser: false,
    logger,
    abortOnError: false,
  });
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', config.trustedProxies);
  app.use(requestId, newCall, app.get(CallRecorder).middleware);
  // Swagger UI styles itself inline; nothing else of it needs an exception.
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: { 'style-src': ["'self'", "'unsafe-inline'"], 'upgrade-insecure-requests': null },
      },
    }),
  );
  app.use(noStore);
  app.useGlobalFilters(new ProblemFilter());
  app.enableShutdownHooks();
  serveDocs(app);
  await app.init();
  // After the routes: what the router itself refuses, such as a malformed address, gets the same form.
  const routerLogger = new Logger('Router');
  app.use(
    (error: unknown, req: Request, res: Response, next: NextFunction) =>
      void (error ? answerProblem(error, req, res, routerLogger) : next()),
  );
  answerMalformed(app.getHttpServer() as Server);
  return app;
}

export function openApiDocument(app: App): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Session audit')
    .setDescription(
      'Who was logged in on which machine, from when to when. Paths under `/ekranapi` speak the interface of Ekran System ' +
        '(Syteca); paths under `/api/v1` are our own. Every error is `application/problem+json` (RFC 9457).',
    )
    .setVersion('0.1.0')
    .addApiKey(
      { type: 'apiKey', in: 'header', name: 'ApiKey', description: 'A key made with `keys create`.' },
      'ApiKey',
    )
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The same key as a bearer token.' }, 'bearer');
  return SwaggerModule.createDocument(app, builder.build());
}

function serveDocs(app: App): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'Session audit',
    // Highlighting a long answer would freeze the page.
    swaggerOptions: { syntaxHighlight: false, persistAuthorization: false, tryItOutEnabled: true },
  });
}

function noStore(req: Request, res: Response, next: NextFunction): void {
  if (/^\/(ekranapi|api)\//i.test(req.path)) res.setHeader('Cache-Control', 'no-store');
  next();
}

/** What Node refuses before there is a request (too large headers, bad HTTP) still gets a problem. */
function answerMalformed(server: Server): void {
  server.on('clientError', (error: Error & { code?: string }, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
    const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
    const problem = tooLarge
      ? new ProblemError('headers-too-large', 'The address and headers together are too large.')
      : new ProblemError('invalid-request', 'The request is not valid HTTP.');
    const body = JSON.stringify(problemBody(problem, '', ''));
    const head = `HTTP/1.1 ${problem.status} ${tooLarge ? 'Request Header Fields Too Large' : 'Bad Request'}`;
    socket.end(
      `${head}\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
}
