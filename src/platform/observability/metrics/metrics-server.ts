import cluster from 'node:cluster';
import { type Server, createServer } from 'node:http';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AppConfig } from '../../../config/app-config.js';
import { splitAddress } from '../../../config/listen-address.js';
import { ListenError } from '../../http/server/listen.js';
import { Metrics } from './metrics.js';
import type { PrometheusMetrics } from './prometheus-metrics.js';

interface MetricsSource {
  readonly contentType: string;
  collect(): Promise<string>;
}

/** Serves `GET /metrics`. @throws ListenError when the address cannot be used */
export async function serveMetrics(address: string, metrics: MetricsSource): Promise<Server> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5000 }, (req, res) => {
    if (req.url !== '/metrics' || !['GET', 'HEAD'].includes(req.method ?? ''))
      return void res.writeHead(404, { 'Content-Type': 'text/plain' }).end('Only GET /metrics is here.\n');
    metrics.collect().then(
      (text) => res.writeHead(200, { 'Content-Type': metrics.contentType }).end(text),
      () => res.writeHead(500).end(),
    );
  });
  server.maxConnections = 32;
  const { host, port } = splitAddress(address);
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) =>
      reject(new ListenError(`METRICS_LISTEN: ${address} cannot be used (${error.code}).`, { cause: error }));
    server.once('error', fail).listen(port, host, () => resolve());
  });
  return server;
}

/** Serves `GET /metrics` on a separate address, because the port of the API answers nobody without a key. */
@Injectable()
export class MetricsServer implements OnApplicationShutdown {
  private server: Server | undefined;

  constructor(
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  /** A worker hands its metrics to the primary, which serves those of all. @throws ListenError when the address cannot be used */
  async start(): Promise<void> {
    const { METRICS_LISTEN } = this.config;
    if (METRICS_LISTEN === 'off') return;
    const metrics = this.metrics as PrometheusMetrics;
    if (cluster.isWorker) metrics.handToPrimary();
    else this.server = await serveMetrics(METRICS_LISTEN, metrics);
  }

  async onApplicationShutdown(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(undefined)));
  }
}
