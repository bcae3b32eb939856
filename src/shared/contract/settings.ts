import { z } from 'zod';
import { Protection } from '../model/server.ts';
import { call, stateFeed } from '../rpc/contract.ts';

/** What the page may see of the settings; secrets are hints. */
export const Settings = z.object({
  theme: z.enum(['dark', 'light', 'system']),
  screenShareMode: z.boolean(),
  /** Where recordings made here go. */
  recordingsFolder: z.string(),
  gladia: z.object({
    url: z.string(),
    region: z.enum(['eu-west', 'us-west']),
    /** Last two characters behind bullets; null where no key is kept. */
    keyHint: z.string().nullable(),
    protection: Protection.nullable(),
  }),
  /** Address of this computer that an egress worker can dial; used by the track-socket feed. */
  socketHost: z.string(),
  firstMinuteHidden: z.boolean(),
  /** Width and height of panels, by name, in pixels; whatever the page keeps. */
  panels: z.record(z.string().max(40), z.number()),
});
export type Settings = z.infer<typeof Settings>;

export const settings = {
  settings: stateFeed(z.object({}), Settings),
  changeSettings: call(
    z.object({
      theme: Settings.shape.theme.optional(),
      screenShareMode: z.boolean().optional(),
      recordingsFolder: z.string().max(1024).optional(),
      socketHost: z.string().max(253).optional(),
      firstMinuteHidden: z.boolean().optional(),
      panels: Settings.shape.panels.optional(),
    }),
    z.null(),
  ),
  saveGladiaKey: call(
    z.object({
      key: z.string().trim().min(1).max(256),
      region: z.enum(['eu-west', 'us-west']).default('eu-west'),
      keep: z.enum(['stored', 'this-run']),
    }),
    z.null(),
  ),
};
