import { randomUUID } from 'node:crypto';
import { ChannelSplitter } from './channels.ts';
import type { InitRequest } from './init.ts';
import { ChannelListener, type ListenerEvent, type Utterance } from './listener.ts';

/** A message of the server without the two fields that each has. */
export type ServerMessage = Readonly<Record<string, unknown>> & { readonly type: string };

/**
 * One transcription job: bytes in, messages out, no socket and no clock. Its counters run over all connections, so that
 * whoever comes back to its URL goes on where they were.
 */
export class GladiaSession {
  readonly id = randomUUID();
  readonly token = randomUUID();
  readonly createdAt: Date;
  readonly request: InitRequest;
  readonly #splitter: ChannelSplitter;
  readonly #listeners: readonly ChannelListener[];
  readonly #finals: Utterance[] = [];
  readonly #bytesPerS: number;
  #bytes = 0;
  #utterances = 0;
  #status: 'queued' | 'processing' | 'done' = 'queued';
  #endedAt: Date | null = null;

  constructor(request: InitRequest, lexicon: readonly string[], createdAt: Date) {
    this.request = request;
    this.createdAt = createdAt;
    const { channels, bit_depth: bitDepth, sample_rate: sampleRateHz } = request;
    this.#splitter = new ChannelSplitter({ channels, bitDepth, sampleRateHz });
    this.#bytesPerS = (channels * bitDepth * sampleRateHz) / 8;
    this.#listeners = Array.from(
      { length: channels },
      (_, channel) =>
        new ChannelListener({
          channel,
          lexicon,
          endpointingS: request.endpointing,
          maxUtteranceS: request.maximum_duration_without_endpointing,
          nextNumber: () => this.#utterances++,
        }),
    );
  }

  get status(): 'queued' | 'processing' | 'done' {
    return this.#status;
  }
  get receivedBytes(): number {
    return this.#bytes;
  }
  get durationS(): number {
    return this.#bytes / this.#bytesPerS;
  }
  get finals(): readonly Utterance[] {
    return this.#finals;
  }
  /** Words that began and failed a check, over all channels. */
  get rejected(): number {
    return this.#listeners.reduce((sum, listener) => sum + listener.rejected, 0);
  }

  /** First connection: the session and its recording start; a later one goes on in silence. */
  open(): readonly ServerMessage[] {
    if (this.#status !== 'queued') return [];
    this.#status = 'processing';
    return this.#wanted([{ type: 'start_session' }, { type: 'start_recording' }]);
  }

  /** Takes sound; the acknowledgement is apart, because faults play with it. */
  hear(bytes: Buffer): { readonly ack: ServerMessage | null; readonly messages: readonly ServerMessage[] } {
    const from = this.#bytes;
    this.#bytes += bytes.length;
    const ack = {
      type: 'audio_chunk',
      acknowledged: true,
      error: null,
      data: {
        byte_range: [from, this.#bytes],
        time_range: [from / this.#bytesPerS, this.#bytes / this.#bytesPerS],
      },
    };
    const events = this.#splitter.push(bytes).flatMap((samples, channel) => this.#push(channel, samples));
    return { ack: this.#wanted([ack])[0] ?? null, messages: this.#wanted(events) };
  }

  stopAck(): ServerMessage {
    const data = { recording_duration: this.durationS, recording_left_to_process: 0 };
    return { type: 'stop_recording', acknowledged: true, error: null, data };
  }

  /** The end: what was heard is final, then the summary. A second time there is nothing more to say. */
  finish(): readonly ServerMessage[] {
    if (this.#status === 'done') return [];
    const finals = this.#listeners.flatMap((listener, channel) => this.#told(channel, listener.flush()));
    this.#status = 'done';
    this.#endedAt = new Date();
    return this.#wanted([
      ...finals,
      { type: 'end_recording', data: { recording_duration: this.durationS } },
      { type: 'post_transcript', data: this.#transcription() },
      { type: 'post_final_transcript', data: this.#result() },
      { type: 'end_session' },
    ]);
  }

  /** The body of `GET /v2/live/{id}`. */
  report(): Readonly<Record<string, unknown>> {
    const isDone = this.#status === 'done';
    return {
      id: this.id,
      request_id: `G-${this.id.slice(0, 8)}`,
      version: 2,
      status: this.#status,
      created_at: this.createdAt.toISOString(),
      completed_at: this.#endedAt?.toISOString() ?? null,
      custom_metadata: this.request.custom_metadata ?? null,
      error_code: null,
      post_session_metadata: {},
      kind: 'live',
      file: null,
      request_params: this.request,
      result: isDone ? this.#result() : null,
    };
  }

  #push(channel: number, samples: Int16Array): readonly ServerMessage[] {
    const listener = this.#listeners[channel];
    return listener ? this.#told(channel, listener.push(samples)) : [];
  }

  #told(channel: number, events: readonly ListenerEvent[]): readonly ServerMessage[] {
    return events.map((event): ServerMessage => {
      if (event.type === 'speechStarted') return { type: 'speech_start', data: { time: event.time, channel } };
      if (event.type === 'speechEnded') return { type: 'speech_end', data: { time: event.time, channel } };
      const isFinal = event.type === 'final';
      if (isFinal) this.#finals.push(event.utterance);
      const id = `00-${String(event.number).padStart(8, '0')}`;
      return { type: 'transcript', data: { id, is_final: isFinal, utterance: event.utterance } };
    });
  }

  #transcription(): Readonly<Record<string, unknown>> {
    const utterances = [...this.#finals].sort((a, b) => a.start - b.start);
    const text = utterances.map((utterance) => utterance.text.trim()).join(' ');
    return { full_transcript: text, languages: ['en'], utterances };
  }

  #result(): Readonly<Record<string, unknown>> {
    const seconds = this.durationS;
    return {
      metadata: {
        audio_duration: seconds,
        number_of_distinct_channels: this.request.channels,
        billing_time: seconds * this.request.channels,
        transcription_time: seconds,
      },
      transcription: this.#transcription(),
    };
  }

  #wanted(messages: readonly ServerMessage[]): readonly ServerMessage[] {
    const wants = this.request.messages_config;
    return messages.filter((message) => {
      if (message.type === 'transcript') {
        const isFinal = (message['data'] as { is_final: boolean }).is_final; // made above
        return isFinal ? wants.receive_final_transcripts : wants.receive_partial_transcripts;
      }
      if (message.type.startsWith('speech_')) return wants.receive_speech_events;
      if (message.type.startsWith('post_')) return wants.receive_post_processing_events;
      if (message.type === 'audio_chunk') return wants.receive_acknowledgments;
      return wants.receive_lifecycle_events;
    });
  }
}
