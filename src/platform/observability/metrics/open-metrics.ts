import type { AppConfig } from '../../../config/app-config.js';
import { Metrics, NoMetrics } from './metrics.js';

/** Loads the library only when METRICS_LISTEN asks for metrics. */
export async function openMetrics({ METRICS_LISTEN }: AppConfig): Promise<Metrics> {
  if (METRICS_LISTEN === 'off') return new NoMetrics();
  const { PrometheusMetrics } = await import('./prometheus-metrics.js');
  return new PrometheusMetrics();
}
