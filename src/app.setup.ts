import { Logger, ShutdownSignal } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Express, NextFunction, Request, RequestHandler, Response, Router } from 'express';
import { AppModule } from './app.module.js';
import type { Clock } from './platform/time/clock.js';
import { newCall } from './platform/http/call.js';
import { routeReads } from './platform/http/reads/route-reads.js';
import { ProblemFilter, answerProblem } from './platform/http/problems/problem.filter.js';
import { requestId } from './platform/http/server/request-id.js';
import type { AppConfig } from './config/app-config.js';
import { AppLogger } from './platform/observability/app-logger.js';
import { HttpMetrics } from './platform/observability/metrics/http-metrics.js';
import { openRequestLog } from './platform/observability/request-log.js';
import { TRACES, type Traces } from './platform/observability/traces/traces.js';
import { RefusedCalls } from './platform/observability/refused-calls.js';
import { useHttpSecurity } from './platform/http/server/http-security.js';
import { LimitedExpressAdapter } from './platform/http/server/http-server.js';
import { UnknownPaths } from './modules/access/guard/unknown-paths.js';
import { consolePage } from './modules/console/page/console-page.js';
import { CallRecorder } from './modules/audit/recording/call-recorder.js';

export type App = NestExpressApplication;

/** Builds the application, ready to listen; the tests and the command line use the same one. */
export async function createApp(config: AppConfig, clock?: Clock): Promise<App> {
  const adapter = new LimitedExpressAdapter(config, openRequestLog(config));
  const app = await NestFactory.create<App>(await AppModule.with(config, clock), adapter, {
    bodyParser: false,
    logger: new AppLogger(config),
    abortOnError: false,
  });
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', config.trustedProxies);
  const collect = config.METRICS_LISTEN === 'off' ? [] : [app.get(HttpMetrics).middleware];
  const traces = app.get<Traces | null>(TRACES);
  const observe = traces ? [...collect, traces.middleware] : collect;
  const route = config.readUrls.length === 0 ? [] : [routeReads];
  app.use(requestId, newCall, ...observe, app.get(CallRecorder).middleware, ...route);
  useHttpSecurity(app, config);
  const page = config.CONSOLE === 'on' ? consolePage() : undefined;
  if (page) app.use(page);
  app.useGlobalFilters(new ProblemFilter(app.get(RefusedCalls)));
  // SIGHUP means something else to a service: see serve.ts.
  app.enableShutdownHooks([ShutdownSignal.SIGTERM, ShutdownSignal.SIGINT], { useProcessExit: true });
  serveDocs(app);
  adapter.beforeNotFound(app.get(UnknownPaths).middleware);
  await app.init();
  // After the routes: what the router itself refuses, such as a malformed address, gets the same form.
  const routerLogger = new Logger('Router');
  app.use(
    (error: unknown, req: Request, res: Response, next: NextFunction) =>
      void (error ? answerProblem(error, req, res, routerLogger) : next()),
  );
  return app;
}

const DOCS_FILES = ['index.html', 'LICENSE', 'swagger-ui-init.js', 'docs/swagger-ui-init.js'];

/** Loads the documentation with the first request for it. The paths are routes here, so other methods get 405. */
function serveDocs(app: App): void {
  let loading: Promise<Router> | undefined;
  let router: Router | undefined;
  const handle: RequestHandler = (req, res, next) => {
    if (router) return router(req, res, next);
    loading ??= import('./app.docs.js').then(({ docsRouter }) => (router = docsRouter(app)));
    loading.then((loaded) => loaded(req, res, next), next);
  };
  const pages = ['/docs', ...DOCS_FILES.map((file) => `/docs/${file}`)];
  for (const path of [...pages, '/openapi.json', '/openapi.yaml'])
    (app.getHttpAdapter().getInstance() as Express).get(path, handle);
  // Style sheets and scripts.
  app.use((req: Request, res: Response, next: NextFunction) => {
    const isFile = /^\/docs\//i.test(req.path) && ['GET', 'HEAD'].includes(req.method);
    return isFile ? handle(req, res, next) : next();
  });
}
