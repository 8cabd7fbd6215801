import 'reflect-metadata';
import { AppConfig } from '../app-config.js';
import { loadConfig } from '../load-config.js';
import { SETTING_NAMES, acceptedValues, settingSource, settingText } from './settings.js';

describe('settings', () => {
  it.each(SETTING_NAMES)('writes the default of %s as a text that reads back as the same value', (name) => {
    const value = new AppConfig()[name];
    const text = settingText(name, value);
    if (text !== '') expect(loadConfig({ [name]: text })[name]).toEqual(value);
  });

  it('describes what a variable accepts', () => {
    expect(acceptedValues('PORT')).toBe('a whole number, 0 to 65535');
    expect(acceptedValues('LOG_FORMAT')).toBe('`json`, `text`');
    expect(acceptedValues('LOST_AFTER')).toContain('at most 3650d, or off');
    expect(acceptedValues('TLS_CERT_FILE')).toBe('only together with `TLS_KEY_FILE`');
    expect(acceptedValues('HOST')).toBe('');
  });

  it('tells where a value comes from', () => {
    expect(settingSource('PORT', {}, {})).toBe('default');
    expect(settingSource('PORT', { PORT: '1' }, {})).toBe('.env');
    expect(settingSource('PORT', { PORT: '1' }, { PORT: '1' })).toBe('environment');
    expect(settingSource('PORT', { PORT: '1' }, { ENV_FILE: 'prod.env' })).toBe('prod.env');
    expect(settingSource('DATABASE_URL', { DATABASE_URL_FILE: '/run/secrets/url' }, {})).toBe(
      '.env, file /run/secrets/url',
    );
  });
});
