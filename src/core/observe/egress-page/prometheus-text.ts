export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** name{labels} value [timestamp]; the text format 0.0.4 of Prometheus. */
const line = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?[ \t]+(\S+)(?:[ \t]+-?\d+)?$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\.)*)"[ \t]*(?:,[ \t]*|$)/y;
const escapes: Readonly<Record<string, string>> = { n: '\n', '\\': '\\', '"': '"' };

/** The samples of a metrics page whose name begins so. Lines that are none are left out and counted. */
export function parsePrometheus(text: string, prefixes: readonly string[]): { samples: Sample[]; badLines: number } {
  const samples: Sample[] = [];
  let badLines = 0;
  for (const raw of text.split('\n')) {
    const trimmed = raw.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const found = line.exec(trimmed);
    const value = found ? numberOf(found[3] ?? '') : null;
    const labels = found ? labelsOf(found[2] ?? '') : null;
    if (!found || value === null || labels === null) badLines++;
    else if (prefixes.some((prefix) => (found[1] ?? '').startsWith(prefix)))
      samples.push({ name: found[1] ?? '', labels, value });
  }
  return { samples, badLines };
}

function numberOf(text: string): number | null {
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  if (text === 'NaN') return NaN;
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : null;
}

function labelsOf(text: string): Readonly<Record<string, string>> | null {
  const labels: Record<string, string> = {};
  for (let at = 0; at < text.length; at = label.lastIndex) {
    label.lastIndex = at;
    const found = label.exec(text);
    if (!found) return null;
    const [, name = '', value = ''] = found;
    labels[name] = value.replaceAll(/\\(.)/g, (_whole, letter: string) => escapes[letter] ?? letter);
  }
  return labels;
}
