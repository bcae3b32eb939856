/** How long things take, measured on egress 1.14.1 on loopback. Tests may shorten what they do not measure. */
export interface EgressTiming {
  /** From the call to its answer, with an idle worker and with one that already runs a job. */
  readonly answerIdleMs: number;
  readonly answerBusyMs: number;
  /** Until a Start that no worker takes is refused. */
  readonly noWorkerMs: number;
  /** StopEgress and UpdateStream on anything without a live handler; room calls on somebody who is not there. */
  readonly noHandlerMs: number;
  /** From STARTING until the recorder is in the room, and until it dials the WebSocket. */
  readonly joinMs: number;
  readonly dialMs: number;
  /** How long egress waits for the answer to the upgrade. */
  readonly handshakeMs: number;
  /** From STARTING to ACTIVE where Chrome must load a page first, and without Chrome. */
  readonly chromeMs: number;
  readonly mixerMs: number;
  /** The same for one track into a file, and for decoders with a compositor behind them. */
  readonly trackMs: number;
  readonly composeMs: number;
  /** Until Chrome has found out that a page is not there. */
  readonly pageErrorMs: number;
  /** How long a track, a person is waited for. */
  readonly findMs: number;
  /** How long Chrome's recorder stays in the room after the end. */
  readonly chromeLingerMs: number;
  /** From the opened WebSocket to the first sound. */
  readonly firstSoundMs: number;
  /** Sound goes on so long after StopEgress, and after the source was closed. */
  readonly drainMs: number;
  readonly sourceClosedDrainMs: number;
  /** From a mute, an unmute to the text that tells of it; for one who is muted from the start, from the opening. */
  readonly mutedTextMs: number;
  readonly unmutedTextMs: number;
  readonly mutedAtStartTextMs: number;
  readonly pingMs: number;
  /** From the connection of an RTMP stream to the info that tells of it. */
  readonly streamToldMs: number;
  /** A lost RTMP stream is connected again without pause for so long, one try each so often. */
  readonly streamRetryMs: number;
  readonly streamRetryEveryMs: number;
  /** An RTMP server that does not speak or read, an SRT listener that is not there. */
  readonly streamSilentMs: number;
  readonly srtConnectMs: number;
  /** The pauses between the five tries of an upload. */
  readonly uploadRetryMs: readonly number[];
  /** So long CreateRoom waits for the egress of a room at most. */
  readonly autoEgressMs: number;
}

export const measuredTiming: EgressTiming = {
  answerIdleMs: 560,
  answerBusyMs: 100,
  noWorkerMs: 22_300,
  noHandlerMs: 3_003,
  joinMs: 70,
  dialMs: 290,
  handshakeMs: 45_000,
  chromeMs: 3_720,
  mixerMs: 300,
  trackMs: 260,
  composeMs: 1_370,
  pageErrorMs: 1_050,
  findMs: 30_150,
  chromeLingerMs: 21_300,
  firstSoundMs: 2_800,
  drainMs: 2_800,
  sourceClosedDrainMs: 3_050,
  mutedTextMs: 1_490,
  unmutedTextMs: 20,
  mutedAtStartTextMs: 6_050,
  pingMs: 30_000,
  streamToldMs: 100,
  streamRetryMs: 30_000,
  streamRetryEveryMs: 25,
  streamSilentMs: 5_000,
  srtConnectMs: 3_000,
  uploadRetryMs: [1_100, 2_000, 4_000, 5_000],
  autoEgressMs: 10_000,
};
