import { Logger, ShutdownSignal } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import { AppModule } from './app.module.js';
import { newCall } from './platform/http/call.js';
import { Clock } from './platform/time/clock.js';
import { completeDocument, withRecentExamples } from './platform/http/docs/api-document.js';
import { DOCS_PAGE_CSS } from './platform/http/docs/docs-page.css.js';
import { ProblemResponse } from './platform/http/docs/problem.response.js';
import { ProblemFilter, answerProblem } from './platform/http/problems/problem.filter.js';
import { requestId } from './platform/http/server/request-id.js';
import type { AppConfig } from './config/app-config.js';
import { VERSION } from './config/version.js';
import { AppLogger } from './platform/observability/app-logger.js';
import { RefusedCalls } from './platform/observability/refused-calls.js';
import { useHttpSecurity } from './platform/http/server/http-security.js';
import { LimitedExpressAdapter } from './platform/http/server/http-server.js';
import { CallRecorder } from './modules/audit/recording/call-recorder.js';

export type App = NestExpressApplication;

/** Builds the application, ready to listen; the tests and the command line use the same one. */
export async function createApp(config: AppConfig, clock?: Clock): Promise<App> {
  const adapter = new LimitedExpressAdapter(config);
  const app = await NestFactory.create<App>(await AppModule.with(config, clock), adapter, {
    bodyParser: false,
    logger: new AppLogger(config),
    abortOnError: false,
  });
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', config.trustedProxies);
  app.use(requestId, newCall, app.get(CallRecorder).middleware);
  useHttpSecurity(app, config);
  app.useGlobalFilters(new ProblemFilter(app.get(RefusedCalls)));
  // SIGHUP means something else to a service: see serve.ts.
  app.enableShutdownHooks([ShutdownSignal.SIGTERM, ShutdownSignal.SIGINT]);
  serveDocs(app);
  await app.init();
  // After the routes: what the router itself refuses, such as a malformed address, gets the same form.
  const routerLogger = new Logger('Router');
  app.use(
    (error: unknown, req: Request, res: Response, next: NextFunction) =>
      void (error ? answerProblem(error, req, res, routerLogger) : next()),
  );
  return app;
}

/** The document of the routes of the application, with fixed examples. */
export function openApiDocument(app: App): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Session audit')
    .setDescription(
      'Who was logged in on which machine, from when to when. Paths under `/ekranapi` speak the interface of Ekran System ' +
        '(Syteca); paths under `/api/v1` are our own. Every error is `application/problem+json` (RFC 9457).',
    )
    .setVersion(VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'This server')
    .addApiKey(
      { type: 'apiKey', in: 'header', name: 'ApiKey', description: 'A key made with `keys create`.' },
      'ApiKey',
    )
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'The same key, or a token of the identity provider.' },
      'bearer',
    );
  for (const [name, description] of Object.entries(TAGS)) builder.addTag(name, description);
  const models = { extraModels: [ProblemResponse] };
  return completeDocument(SwaggerModule.createDocument(app, builder.build(), models));
}

/** In reading order, which is the order of the operations, too. */
const TAGS = {
  sessions: 'Who was logged in, where, from when to when.',
  statistics: 'Applications, sites and active minutes.',
  directory: 'The names behind `clientGuid` and `userId`.',
  ingest: 'Intake of sessions and activities.',
  keys: 'API keys and what they may do.',
  audit: 'The record of every call.',
  health: 'Whether the service is up.',
};

function serveDocs(app: App): void {
  const clock = app.get<Clock>(Clock);
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'Session audit',
    customCss: DOCS_PAGE_CSS,
    patchDocumentOnRequest: (_req, _res, document) => withRecentExamples(document, clock.nowMs()),
    // Highlighting a long answer would freeze the page.
    swaggerOptions: { syntaxHighlight: false, persistAuthorization: false, tryItOutEnabled: true },
  });
}
