import { bytesPerSample, sampleRateHz } from './init-body.ts';

/** The first `channels` channels of an interleaved chunk as little-endian bytes; a channel that it lacks is silence. */
export function encodeChunk(pcm: Int16Array, channels: number, chunkMs: number): Uint8Array {
  const frames = Math.floor((chunkMs * sampleRateHz) / 1000);
  const stride = Math.max(1, Math.floor(pcm.length / frames));
  const bytes = new Uint8Array(frames * channels * bytesPerSample);
  const view = new DataView(bytes.buffer);
  for (let frame = 0; frame < frames; frame++)
    for (let channel = 0; channel < channels; channel++) {
      const sample = channel < stride ? (pcm[frame * stride + channel] ?? 0) : 0;
      view.setInt16((frame * channels + channel) * bytesPerSample, sample, true);
    }
  return bytes;
}
