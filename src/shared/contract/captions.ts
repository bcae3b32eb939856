import { z } from 'zod';
import { CaptionOptions, CaptionSession, ExportFormat, TranscriptEntry } from '../model/captions.ts';
import { UnixMs } from '../model/common.ts';
import { call, logFeed, stateFeed } from '../rpc/contract.ts';

const SessionId = z.object({ sessionId: z.string() });

export const captions = {
  /** Sessions of a server that run, and the ended ones of this day, newest first. */
  captionSessions: stateFeed(z.object({ serverId: z.string() }), z.object({ sessions: z.array(CaptionSession) })),
  startCaptions: call(
    CaptionOptions.extend({ serverId: z.string(), roomName: z.string().min(1).max(256) }),
    CaptionSession,
  ),
  stopCaptions: call(SessionId, CaptionSession),
  /** `atMs`: the moment that it is meant for, where its name was typed afterwards; without it, now. */
  addMarker: call(SessionId.extend({ name: z.string().max(120).default(''), atMs: UnixMs.optional() }), z.null()),
  exportCaptions: call(
    SessionId.extend({ format: ExportFormat }),
    z.object({ fileName: z.string(), mimeType: z.string(), text: z.string() }),
  ),
};

export const transcript = {
  /** First the entries so far, then each change. A later entry with the same id replaces the earlier one. */
  transcript: logFeed(
    SessionId,
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('snapshot'), entries: z.array(TranscriptEntry) }),
      z.object({ type: z.literal('entry'), entry: TranscriptEntry }),
      z.object({ type: z.literal('removed'), id: z.string() }),
    ]),
  ),
};
