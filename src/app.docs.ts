import type { NestExpressApplication as App } from '@nestjs/platform-express';
import { ExpressAdapter } from '@nestjs/platform-express/adapters/express-adapter.js';
import * as swagger from '@nestjs/swagger';
import { Router } from 'express';
import { VERSION } from './config/version.js';
import { completeDocument, withRecentExamples } from './platform/http/docs/api-document.js';
import { dailyAnswers } from './platform/http/docs/daily-answers.js';
import { applyDeferred } from './platform/http/docs/decorators.js';
import { DOCS_PAGE_CSS } from './platform/http/docs/docs-page.css.js';
import { ProblemResponse } from './platform/http/docs/problem.response.js';
import { Clock } from './platform/time/clock.js';

/** The document of the routes of the application, with fixed examples. */
export function openApiDocument(app: App): swagger.OpenAPIObject {
  applyDeferred(swagger);
  const builder = new swagger.DocumentBuilder()
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
  return completeDocument(swagger.SwaggerModule.createDocument(app, builder.build(), models));
}

/** In reading order, which is the order of the operations, too. */
const TAGS = {
  sessions: 'Who was logged in, where, from when to when.',
  concurrency: 'How many were on, and who was on several machines at once.',
  changes: 'The change log of the sessions.',
  statistics: 'Applications, sites and active minutes.',
  directory: 'The names behind `clientGuid` and `userId`.',
  ingest: 'Intake of sessions and activities.',
  keys: 'API keys and what they may do.',
  audit: 'The record of every call.',
  health: 'Whether the service is up.',
};

const GENERATED = ['/openapi.json', '/openapi.yaml', '/docs/swagger-ui-init.js', '/docs/docs/swagger-ui-init.js'];

/** The page /docs with its files, /openapi.json and /openapi.yaml. */
export function docsRouter(app: App): Router {
  const clock = app.get<Clock>(Clock);
  const adapter = new ExpressAdapter(Router());
  adapter.getInstance<Router>().get(GENERATED, dailyAnswers(clock));
  const site = { getHttpAdapter: () => adapter, useStaticAssets: adapter.useStaticAssets.bind(adapter) };
  swagger.SwaggerModule.setup('docs', site as unknown as App, () => openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'Session audit',
    customCss: DOCS_PAGE_CSS,
    patchDocumentOnRequest: (_req, _res, document) => withRecentExamples(document, clock.nowMs()),
    // Highlighting a long answer would freeze the page.
    swaggerOptions: { syntaxHighlight: false, persistAuthorization: false, tryItOutEnabled: true },
  });
  return adapter.getInstance<Router>();
}
