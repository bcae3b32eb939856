import type { WebSocket } from 'ws';
import type { EgressCalls } from '../../src/core/feeds/track-socket/calls.ts';
import { closeAsEgress, dialAsEgress, stereo } from './egress-sender.ts';
import { Recorder } from './recorder.ts';

export interface RunningEgress {
  readonly egressId: string;
  readonly trackSid: string;
  readonly socket: WebSocket;
}

export interface ScriptedEgressOptions {
  /** From the socket to the first sound, and from the stop to the close: 2.8 s in the real one. */
  readonly lagMs: number;
  /** Throws to refuse this start. */
  readonly refuse?: (trackSid: string, start: number) => void;
  readonly neverDial?: boolean;
  readonly value?: number;
}

/** Track egress as measured on livekit/egress 1.14, small and fast: dials, is silent for its lag, sends 10 ms blocks, drains at the stop. */
export class ScriptedEgress {
  readonly started = new Recorder<RunningEgress>();
  readonly stopped: string[] = [];
  readonly #options: ScriptedEgressOptions;
  readonly #running = new Map<string, { egress: RunningEgress; startedAtMs: number; timer: NodeJS.Timeout }>();
  #starts = 0;

  constructor(options: ScriptedEgressOptions) {
    this.#options = options;
  }

  get starts(): number {
    return this.#starts;
  }

  readonly calls: EgressCalls = {
    startTrackEgress: async ({ trackSid, url }) => {
      const start = ++this.#starts;
      this.#options.refuse?.(trackSid, start);
      const egressId = `EG_${start}`;
      if (!this.#options.neverDial) setTimeout(() => void this.#run(egressId, trackSid, url), 5);
      return Promise.resolve({ egressId });
    },
    stopEgress: async (egressId) => {
      this.stopped.push(egressId);
      const running = this.#running.get(egressId);
      if (running) this.finish(running.egress);
      return Promise.resolve();
    },
    egressStartedAtMs: async (egressId) => Promise.resolve(this.#running.get(egressId)?.startedAtMs ?? null),
  };

  /** What its end looks like: sound goes on for the lag, then a short message, then a close without a code. */
  finish({ egressId, socket }: RunningEgress): void {
    setTimeout(() => {
      clearInterval(this.#running.get(egressId)?.timer);
      this.#running.delete(egressId);
      if (socket.readyState !== socket.OPEN) return;
      socket.send(stereo(34, 77));
      closeAsEgress(socket);
    }, this.#options.lagMs);
  }

  async #run(egressId: string, trackSid: string, url: string): Promise<void> {
    const startedAtMs = Date.now();
    let socket: WebSocket;
    try {
      socket = await dialAsEgress(url);
    } catch {
      return; // refused: the egress fails, and says so in its info alone
    }
    socket.on('error', () => {}); // broken pipe: the egress fails
    const egress = { egressId, trackSid, socket };
    const beganMs = performance.now() + this.#options.lagMs;
    let sent = 0;
    const timer = setInterval(() => {
      for (; beganMs + sent * 10 <= performance.now() && socket.readyState === socket.OPEN; sent++)
        socket.send(stereo(480, this.#options.value ?? 500));
    }, 5);
    socket.once('close', () => clearInterval(timer));
    this.#running.set(egressId, { egress, startedAtMs, timer });
    this.started.take(egress);
  }
}
