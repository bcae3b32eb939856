const frameBytes = 4;

/**
 * S16LE stereo from a socket to mono. Egress sends whole frames, 480 at a time and fewer in its last message; a remainder is
 * carried all the same, because a message is not promised to end with a frame. Left and right are equal for a mono track.
 */
export class StereoToMono {
  #rest: Buffer = Buffer.alloc(0);

  push(message: Buffer): Int16Array {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, message]) : message;
    const frames = Math.floor(bytes.length / frameBytes);
    const mono = new Int16Array(frames);
    for (let index = 0, at = 0; index < frames; index++, at += frameBytes)
      mono[index] = (bytes.readInt16LE(at) + bytes.readInt16LE(at + 2)) >> 1;
    this.#rest = Buffer.from(bytes.subarray(frames * frameBytes));
    return mono;
  }
}
