/** Sound goes to WebRTC in blocks of 10 ms. */
export const blockSamples = 480;

/** So much silence stays around words, in blocks: between two symbols of a word lies one, between words a few. */
const keptBlocks = 10;

/** Whether the block from a sample on lies so deep in a pause that leaving it out tears no word, and parts words still. */
export const isPause = (soundAt: (fromSample: number) => Int16Array, fromSample: number): boolean => {
  for (let block = -keptBlocks; block <= keptBlocks; block++) {
    const at = fromSample + block * blockSamples;
    if (at >= 0 && soundAt(at).some((value) => value !== 0)) return false;
  }
  return true;
};
