import { createStore } from 'zustand/vanilla';
import type { Incident } from '../../../shared/model/incident.ts';

/** Newest first. */
export const incidentsStore = createStore<{ readonly incidents: readonly Incident[] }>(() => ({ incidents: [] }));

/** The newest incident that still needs a hand, as the alarm slot of the top bar shows it. */
export const presentTrouble = (incidents: readonly Incident[]): Incident | null =>
  incidents.find((incident) => incident.state === 'trouble' && incident.closedAtMs === null) ?? null;
