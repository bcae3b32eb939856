import { useEffect } from 'react';
import { useApi } from '../../api-context.ts';
import { clearTranscript, takeTranscript } from '../../stores/transcript.ts';

/** Keeps the transcript store on one session, for as long as the caller is mounted. */
export function useTranscript(sessionId: string | null): void {
  const api = useApi();
  useEffect(() => {
    clearTranscript(sessionId);
    if (sessionId === null) return;
    return api.follow((core, options) => core.transcript({ sessionId }, options), takeTranscript);
  }, [api, sessionId]);
}
