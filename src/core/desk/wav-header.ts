import { clockUtc, dayUtc } from '../../shared/text/utc.ts';
import { sampleRateHz } from './ports.ts';

/** How the sound came to be, as BWF asks for it. */
const codingHistory = 'A=PCM,F=48000,W=16,M=mono,T=Cuedesk\r\n\0'; // of even length, as every chunk
const bextBytes = 602 + codingHistory.length;
/** RIFF, bext, fmt and the head of data: the sound begins here in every file that we write. */
export const wavHeaderBytes = 12 + 8 + bextBytes + 8 + 16 + 8;

export interface WavHeader {
  /** When the first sample was made; goes into the file in UTC. */
  readonly startedAtMs: number;
  /** What is heard, for other programs. */
  readonly description: string;
  readonly dataBytes: number;
}

/** The head of a mono 48 kHz 16-bit WAV file with a BWF `bext` chunk: date, time and samples since midnight, all UTC. */
export function wavHeader({ startedAtMs, description, dataBytes }: WavHeader): Buffer {
  const head = Buffer.alloc(wavHeaderBytes);
  const startedAt = new Date(startedAtMs);
  const midnightMs = Date.UTC(startedAt.getUTCFullYear(), startedAt.getUTCMonth(), startedAt.getUTCDate());
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(wavHeaderBytes - 8 + dataBytes, 4);
  head.write('WAVEbext', 8, 'latin1');
  head.writeUInt32LE(bextBytes, 16);
  const bext = 20;
  head.write(description, bext, 256, 'utf8');
  head.write('Cuedesk', bext + 256, 32, 'latin1');
  head.write(dayUtc(startedAtMs), bext + 320, 10, 'latin1');
  head.write(clockUtc(startedAtMs), bext + 330, 8, 'latin1');
  head.writeBigUInt64LE(BigInt(Math.round(((startedAtMs - midnightMs) * sampleRateHz) / 1000)), bext + 338);
  head.writeUInt16LE(1, bext + 346);
  head.write(codingHistory, bext + 602, 'latin1');
  const format = bext + bextBytes;
  head.write('fmt ', format, 'latin1');
  head.writeUInt32LE(16, format + 4);
  head.writeUInt16LE(1, format + 8); // PCM
  head.writeUInt16LE(1, format + 10); // mono
  head.writeUInt32LE(sampleRateHz, format + 12);
  head.writeUInt32LE(sampleRateHz * 2, format + 16);
  head.writeUInt16LE(2, format + 20);
  head.writeUInt16LE(16, format + 22);
  head.write('data', format + 24, 'latin1');
  head.writeUInt32LE(dataBytes, format + 28);
  return head;
}

/** True where these first bytes of a file are a head as `wavHeader` writes it, whatever its sizes say. */
export function isOurWavHeader(head: Buffer): boolean {
  return (
    head.length >= wavHeaderBytes &&
    head.toString('latin1', 0, 4) === 'RIFF' &&
    head.toString('latin1', 8, 16) === 'WAVEbext' &&
    head.toString('latin1', wavHeaderBytes - 8, wavHeaderBytes - 4) === 'data'
  );
}

/** Puts the sizes into a head that is there already. */
export function setWavSizes(head: Buffer, dataBytes: number): void {
  head.writeUInt32LE(wavHeaderBytes - 8 + dataBytes, 4);
  head.writeUInt32LE(dataBytes, wavHeaderBytes - 4);
}
