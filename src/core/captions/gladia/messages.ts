import { z } from 'zod';

/** Everything that Gladia says is parsed here, once. Fields that are not used are not looked at. */
const Seconds = z.number().min(0).max(1_000_000);
const Failure = z
  .object({ message: z.string().max(2_000).optional(), status_code: z.number().optional() })
  .nullish()
  .catch({ message: 'an error without words' });

const ServerWord = z.object({
  word: z.string().max(500),
  start: Seconds,
  end: Seconds,
  confidence: z.number().catch(0),
});
const ServerUtterance = z.object({
  start: Seconds,
  end: Seconds,
  confidence: z.number().catch(0),
  channel: z.number().int().min(0).max(7).catch(0),
  words: z.array(ServerWord).max(5_000).catch([]),
  text: z.string().max(50_000),
  language: z.string().max(16).catch(''),
});
export type ServerUtterance = z.infer<typeof ServerUtterance>;

const Range = z.tuple([z.number().min(0), z.number().min(0)]);
const ServerMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('transcript'),
    data: z.object({ id: z.string().min(1).max(200), is_final: z.boolean(), utterance: ServerUtterance }),
  }),
  z.object({
    type: z.literal('audio_chunk'),
    acknowledged: z.boolean(),
    error: Failure,
    data: z.object({ byte_range: Range, time_range: Range.nullish().catch(null) }).nullish(),
  }),
  z.object({ type: z.literal('stop_recording'), acknowledged: z.boolean(), error: Failure }),
  z.object({
    type: z.literal('error'),
    data: z.object({ code: z.string().optional(), message: z.string().optional() }),
  }),
]);
export type ServerMessage = z.infer<typeof ServerMessage>;

const known = new Set(['transcript', 'audio_chunk', 'stop_recording', 'error']);

/** `unknown`: well-formed, and not for us. `bad`: not what any description of Gladia allows. */
export function readMessage(text: string): ServerMessage | 'unknown' | 'bad' {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'bad'; // told as such, by the caller
  }
  const type = z.object({ type: z.string() }).safeParse(json);
  if (!type.success) return 'bad';
  if (!known.has(type.data.type)) return 'unknown';
  const message = ServerMessage.safeParse(json);
  return message.success ? message.data : 'bad';
}

/** The answer to `POST /v2/live`. */
export const CreatedSession = z.object({ id: z.string().min(1).max(200), url: z.string().min(1).max(4_096) });
export type CreatedSession = z.infer<typeof CreatedSession>;

/** What Gladia says when it refuses over HTTP. */
export const RefusalBody = z.object({
  message: z.string().max(2_000).optional().catch(undefined),
  request_id: z.string().max(200).optional().catch(undefined),
  validation_errors: z.array(z.string().max(500)).max(20).optional().catch(undefined),
});

/** Those that can be read: one that cannot is no reason to lose the last words. */
const Utterances = z
  .array(z.unknown())
  .max(100_000)
  .catch([])
  .transform((all) => all.flatMap((one) => ServerUtterance.safeParse(one).data ?? []));

/** The answer to `GET /v2/live/{id}`, as far as it is used: whether it is done, and what was heard. */
export const SessionResult = z.object({
  status: z.string(),
  result: z
    .object({ transcription: z.object({ utterances: Utterances }).nullish() })
    .nullish()
    .catch(null),
});
