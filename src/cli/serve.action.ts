import { loadConfig } from '../config/load-config.js';
import { serve } from '../serve.js';

export function serveConfigured(): Promise<void> {
  return serve(loadConfig());
}
