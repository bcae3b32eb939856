import { type EncodingOptions, EncodingOptionsPreset } from '@livekit/protocol';

const box = { long: 640, short: 360 };

/** The size of the rehearsal's picture: the shape that was asked for, made to fit 640x360 (or 360x640). */
export function pictureSize(options: { readonly case?: string | undefined; readonly value?: unknown }): {
  readonly width: number;
  readonly height: number;
} {
  const asked = askedSize(options);
  const longest =
    asked.width >= asked.height ? { width: box.long, height: box.short } : { width: box.short, height: box.long };
  const scale = Math.min(1, longest.width / asked.width, longest.height / asked.height);
  const even = (value: number): number => Math.max(16, 2 * Math.round((value * scale) / 2));
  return { width: even(asked.width), height: even(asked.height) };
}

function askedSize(options: { readonly case?: string | undefined; readonly value?: unknown }): {
  width: number;
  height: number;
} {
  const standard = { width: 1280, height: 720 };
  if (options.case === 'advanced') {
    const { width, height } = options.value as EncodingOptions; // the case says so
    return { width: width || standard.width, height: height || standard.height };
  }
  const name = options.case === 'preset' ? (EncodingOptionsPreset[options.value as EncodingOptionsPreset] ?? '') : '';
  return name.startsWith('PORTRAIT') ? { width: standard.height, height: standard.width } : standard;
}
