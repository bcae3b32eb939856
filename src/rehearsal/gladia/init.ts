import { z } from 'zod';

/** What `POST /v2/live` takes (facts of the public API description); unknown keys and wrong ranges are refused. */

const partial = { receive_partial_transcripts: z.boolean().default(false) };
const Messages = z.strictObject({
  ...partial,
  receive_final_transcripts: z.boolean().default(true),
  receive_speech_events: z.boolean().default(true),
  receive_pre_processing_events: z.boolean().default(true),
  receive_realtime_processing_events: z.boolean().default(true),
  receive_post_processing_events: z.boolean().default(true),
  receive_acknowledgments: z.boolean().default(true),
  receive_errors: z.boolean().default(true),
  receive_lifecycle_events: z.boolean().default(false),
});

const Settings = z.record(z.string(), z.unknown());

export const InitRequest = z.strictObject({
  encoding: z.enum(['wav/pcm', 'wav/alaw', 'wav/ulaw']).default('wav/pcm'),
  bit_depth: z.union([z.literal(8), z.literal(16), z.literal(24), z.literal(32)]).default(16),
  sample_rate: z
    .union([z.literal(8000), z.literal(16_000), z.literal(32_000), z.literal(44_100), z.literal(48_000)])
    .default(16_000),
  channels: z.number().int().min(1).max(8).default(1),
  model: z.string().default('solaria-1'),
  endpointing: z.number().min(0.01).max(10).default(0.05),
  maximum_duration_without_endpointing: z.number().min(5).max(60).default(5),
  custom_metadata: Settings.refine(
    (value) => JSON.stringify(value).length <= 2000,
    'at most 2000 characters',
  ).optional(),
  language_config: z
    .strictObject({ languages: z.array(z.string()).optional(), code_switching: z.boolean().optional() })
    .optional(),
  pre_processing: z
    .strictObject({ audio_enhancer: z.boolean().optional(), speech_threshold: z.number().min(0).max(1).optional() })
    .optional(),
  realtime_processing: Settings.optional(),
  post_processing: Settings.optional(),
  messages_config: Messages.prefault({}),
  callback: z.boolean().optional(),
  callback_config: Settings.optional(),
});
export type InitRequest = z.infer<typeof InitRequest>;

/** What a client may say on the socket besides binary sound. */
export const ClientMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('audio_chunk'), data: z.object({ chunk: z.base64() }) }),
  z.object({ type: z.literal('stop_recording') }),
]);
