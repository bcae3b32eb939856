import type { Incident } from '../../../../shared/model/incident.ts';

/** Incidents as tab-separated lines, for a mail or a sheet. Times in UTC. */
export function incidentsText(incidents: readonly Incident[]): string {
  const cell = (text: string): string => text.replaceAll(/[\t\r\n]+/g, ' ');
  const lines = incidents.map((each) =>
    [
      new Date(each.atMs).toISOString(),
      each.state,
      each.kind,
      each.roomName ?? '',
      each.what,
      each.detail ?? '',
      each.done,
    ]
      .map(cell)
      .join('\t'),
  );
  return ['time\tstate\tkind\troom\twhat\twhy\tdone', ...lines].join('\n');
}
