/** Every format that can be imported, by its name on the command line. */
export const FORMAT_NAMES = [
  'wtmp',
  'authlog',
  'journald',
  'windows-security',
  'csv',
  'guacamole',
  'jumpserver',
  'cowrie',
  'ndjson',
] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];
