import type { SpeechHints } from '../../../shared/model/captions.ts';

/** 16 kHz is what Gladia recommends; more sound like nothing but more bytes. */
export const sampleRateHz = 16_000;
export const bytesPerSample = 2;

/** The body of `POST /v2/live`. Only documented fields: unknown ones may be refused. */
export function initBody(options: {
  readonly channels: number;
  readonly language: string;
  readonly hints?: SpeechHints | undefined;
}): unknown {
  const { language, hints = { otherLanguages: [], vocabulary: [] } } = options;
  const { vocabulary } = hints;
  const others = language === '' ? [] : hints.otherLanguages.filter((other) => other !== language);
  return {
    encoding: 'wav/pcm',
    bit_depth: 16,
    sample_rate: sampleRateHz,
    channels: options.channels,
    model: 'solaria-1',
    // 0.3 s and 5 s are Gladia's own recommendation for captions.
    endpointing: 0.3,
    maximum_duration_without_endpointing: 5,
    // Gladia forbids switching among languages that are not named.
    language_config: { languages: language === '' ? [] : [language, ...others], code_switching: others.length > 0 },
    ...(vocabulary.length > 0 && {
      realtime_processing: {
        custom_vocabulary: true,
        // 0.4 is Gladia's own recommendation: above it, words are heard that were not said.
        custom_vocabulary_config: { vocabulary, default_intensity: 0.4 },
      },
    }),
    messages_config: {
      receive_partial_transcripts: true,
      receive_final_transcripts: true,
      receive_speech_events: false,
      receive_pre_processing_events: false,
      receive_realtime_processing_events: false,
      receive_post_processing_events: false,
      receive_acknowledgments: true,
      receive_errors: true,
      receive_lifecycle_events: true,
    },
  };
}
