import { expect, test } from 'vitest';
import { MetricsPage } from '../../src/core/console/metrics-page.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { openMediaPlane } from '../../src/core/media-plane/media-plane.ts';
import type { CaptionStore } from '../../src/core/captions/ports.ts';
import type { Job } from '../../src/shared/model/job.ts';

const job = (change: Partial<Job>): Job => ({
  id: 'job-1',
  serverId: 's',
  roomName: 'secret-room',
  title: 'a',
  request: { kind: 'room-sound' },
  mode: 'desk-only',
  engine: 'desk',
  phase: 'starting',
  phaseAtMs: 0,
  requestedAtMs: 0,
  startedAtMs: null,
  endedAtMs: null,
  text: '',
  egress: null,
  desk: null,
  refusal: null,
  files: [],
  startedBy: 'here',
  destinations: [],
  layoutSent: null,
  ...change,
});

test('what happened is told in the format of Prometheus, without a room or a person', async () => {
  const plane = await openMediaPlane({ log: silentLog, allowedOrigins: [] });
  const page = new MetricsPage({ plane, captionSessions: () => 2 });
  const kept: string[] = [];
  const store = {
    saveEntry: (_session: string, entry: { id: string }) => kept.push(entry.id),
  } as unknown as CaptionStore; // only this is called
  try {
    page.jobChanged(job({}), null);
    page.jobChanged(job({ id: 'job-2', engine: 'egress' }), null);
    page.jobChanged(job({ id: 'job-2', engine: 'egress', phase: 'failed' }), 'starting');
    page.refused('egress-limit');
    const words = ['good', 'morning'].map((text) => ({ text, startMs: 0, endMs: 1, confidence: 1 }));
    const line = {
      type: 'utterance',
      id: 'u1',
      seq: 1,
      identity: 'ada',
      name: 'Ada',
      text: 'Good morning.',
      startMs: 0,
      endMs: 1,
      words,
      language: 'en',
      confidence: 1,
    } as const;
    page.counting(store).saveEntry('c', { ...line, isFinal: true, delayMs: 480 });
    const answer = await fetch(page.url);
    const text = await answer.text();
    expect(answer.status).toBe(200);
    for (const row of [
      'cuedesk_jobs_started_total{engine="desk"} 1',
      'cuedesk_jobs_ended_total{outcome="failed"} 1',
      'cuedesk_egress_refused_total{code="egress-limit"} 1',
      'cuedesk_jobs_active{engine="desk"} 1',
      'cuedesk_jobs_active{engine="egress"} 0',
      'cuedesk_caption_sessions_active 2',
      'cuedesk_caption_words_total 2',
      'cuedesk_caption_delay_seconds_bucket{le="0.5"} 1',
    ])
      expect(text).toContain(row);
    expect(text).not.toMatch(/secret-room|Ada/);
    expect(kept).toEqual(['u1']);
    expect((await fetch(page.url, { method: 'POST' })).status).toBe(405);
  } finally {
    await page.close();
    await plane.close();
  }
});
