/** Interleaved stereo to mono, half of each side; `output` takes `input.length / 2` samples. Returns how many. */
export function stereoToMono(input: Int16Array, output: Int16Array): number {
  const count = input.length >> 1;
  for (let index = 0; index < count; index++)
    output[index] = ((input[2 * index] as number) + (input[2 * index + 1] as number)) >> 1;
  return count;
}
