/** What the levels need of a feed; other events are passed over. Times are wall clock; sound is 48 kHz mono. */
export type LevelEvent =
  | {
      readonly type: 'sourceOpened';
      readonly sourceId: string;
      readonly identity: string;
      readonly startedAtMs: number;
      readonly lagMs: number;
    }
  | { readonly type: 'pcm'; readonly sourceId: string; readonly firstSample: number; readonly samples: Int16Array }
  | { readonly type: 'sourceClosed'; readonly sourceId: string }
  | { readonly type: 'state' | 'gap' | 'muted' };
