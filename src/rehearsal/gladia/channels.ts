/** Splits interleaved PCM of any allowed format into 16 kHz mono per channel, across blocks of any size. */

const wantedRateHz = 16_000;

export class ChannelSplitter {
  readonly #channels: number;
  readonly #sampleBytes: number;
  readonly #ratio: number;
  #rest: Buffer = Buffer.alloc(0);
  /** Place of the next output sample, in input samples since the last input sample that was consumed. */
  #phase = 0;
  readonly #last: number[];

  constructor(format: { readonly channels: number; readonly bitDepth: number; readonly sampleRateHz: number }) {
    this.#channels = format.channels;
    this.#sampleBytes = format.bitDepth / 8;
    this.#ratio = format.sampleRateHz / wantedRateHz;
    this.#last = Array.from({ length: format.channels }, () => 0);
  }

  push(bytes: Buffer): readonly Int16Array[] {
    const all = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    const frameBytes = this.#channels * this.#sampleBytes;
    const count = Math.floor(all.length / frameBytes);
    this.#rest = Buffer.from(all.subarray(count * frameBytes));
    const split = Array.from({ length: this.#channels }, (_, channel) => {
      const samples = new Int16Array(count);
      for (let i = 0; i < count; i++) samples[i] = this.#sample(all, i * frameBytes + channel * this.#sampleBytes);
      return samples;
    });
    if (this.#ratio === 1) return split;
    let endPhase = this.#phase;
    const resampled = split.map((samples, channel) => {
      const out: number[] = [];
      let at = this.#phase;
      // Linear between neighbours: the words lie under 3.4 kHz, where that costs nothing that the decoder needs.
      for (; at < count; at += this.#ratio) {
        const index = Math.floor(at);
        const before = index === 0 ? (this.#last[channel] ?? 0) : (samples[index - 1] ?? 0);
        out.push(Math.round(before + ((samples[index] ?? 0) - before) * (at - index)));
      }
      if (count > 0) this.#last[channel] = samples[count - 1] ?? 0;
      endPhase = at - count;
      return Int16Array.from(out);
    });
    this.#phase = endPhase;
    return resampled;
  }

  #sample(bytes: Buffer, at: number): number {
    if (this.#sampleBytes === 2) return bytes.readInt16LE(at);
    if (this.#sampleBytes === 1) return (bytes.readUInt8(at) - 128) << 8;
    return bytes.readInt16LE(at + this.#sampleBytes - 2);
  }
}
