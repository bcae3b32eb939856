/** Fixed sentences; rooms, names and words go in fields. Secrets go nowhere: pass redacted twins only. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields, cause?: unknown): void;
  /** A log whose every line carries these fields. */
  with(fields: LogFields): Log;
}
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogSink = (line: string, level: LogLevel) => void;

const order: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** One JSON object a line. `redact` is the last guard before the sink; what is logged should need none. */
export function createLog(
  sink: LogSink,
  options: { readonly level?: LogLevel; readonly redact?: (text: string) => string } = {},
): Log {
  const least = order.indexOf(options.level ?? 'info');
  const redact = options.redact ?? ((text: string) => text);
  const make = (base: LogFields): Log => {
    const write = (level: LogLevel, message: string, fields?: LogFields, cause?: unknown): void => {
      if (order.indexOf(level) < least) return;
      const error =
        cause instanceof Error
          ? { error: cause.message, stack: cause.stack }
          : cause === undefined
            ? {}
            : { error: typeof cause === 'string' ? cause : 'something without a message was thrown' };
      sink(
        redact(JSON.stringify({ at: new Date().toISOString(), level, message, ...base, ...fields, ...error })),
        level,
      );
    };
    return {
      debug: (message, fields) => write('debug', message, fields),
      info: (message, fields) => write('info', message, fields),
      warn: (message, fields) => write('warn', message, fields),
      error: (message, fields, cause) => write('error', message, fields, cause),
      with: (fields) => make({ ...base, ...fields }),
    };
  };
  return make({});
}

export const silentLog: Log = createLog(() => {});
