import type { WebSocket } from 'ws';
import type { EgressCalls } from '../../src/core/feeds/track-socket/calls.ts';
import type { Clock } from '../../src/core/live/clock.ts';
import { closeAsEgress, dialAsEgress, stereo } from './egress-sender.ts';
import { Recorder } from './recorder.ts';

export interface RunningEgress {
  readonly egressId: string;
  readonly trackSid: string;
  readonly socket: WebSocket;
}

export interface ScriptedEgressOptions {
  readonly clock: Clock;
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
  readonly #running = new Map<string, { egress: RunningEgress; startedAtMs: number }>();
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
      if (!this.#options.neverDial) void this.#run(egressId, trackSid, url);
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
  finish(egress: RunningEgress): void {
    void this.#end(egress);
  }

  async #end({ egressId, socket }: RunningEgress): Promise<void> {
    await this.#options.clock.delay(this.#options.lagMs);
    this.#running.delete(egressId);
    if (socket.readyState !== socket.OPEN) return;
    socket.send(stereo(34, 77));
    closeAsEgress(socket);
  }

  async #run(egressId: string, trackSid: string, url: string): Promise<void> {
    const { clock, lagMs, value = 500 } = this.#options;
    await clock.delay(5);
    const startedAtMs = clock.nowMs();
    let socket: WebSocket;
    try {
      socket = await dialAsEgress(url);
    } catch {
      return; // refused: the egress fails, and says so in its info alone
    }
    socket.on('error', () => {}); // broken pipe: the egress fails
    const egress = { egressId, trackSid, socket };
    this.#running.set(egressId, { egress, startedAtMs });
    this.started.take(egress);
    const beganMs = clock.monotonicMs() + lagMs;
    for (let sent = 0; socket.readyState === socket.OPEN; await clock.delay(5))
      for (; beganMs + sent * 10 <= clock.monotonicMs(); sent++) socket.send(stereo(480, value));
  }
}
