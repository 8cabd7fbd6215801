import { ConfigError, loadConfig } from './app-config.js';

describe('the configuration', () => {
  it('reads durations in milliseconds, and off', () => {
    expect(loadConfig({ LOST_AFTER: '90m' }).lostAfterMs).toBe(5_400_000);
    expect(loadConfig({ LOST_AFTER: 'off' }).lostAfterMs).toBeNull();
    expect(loadConfig({}).lostAfterMs).toBe(86_400_000);
  });

  it('names every variable that is wrong at once and repeats no value', () => {
    const wrong = { PORT: '70000', API_TIME_ZONE: 'Mars/Base', LOST_AFTER: 'soon', LOG_LEVEL: 'secret-value' };
    const load = () => loadConfig(wrong);
    expect(load).toThrow(ConfigError);
    for (const name of Object.keys(wrong)) expect(load).toThrow(name);
    expect(load).not.toThrow('secret-value');
  });

  it('refuses an offset as a zone, since it knows no clock changes', () => {
    expect(() => loadConfig({ API_TIME_ZONE: '+03:00' })).toThrow('API_TIME_ZONE');
  });
});
