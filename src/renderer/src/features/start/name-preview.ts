const pad = (n: number, width = 2): string => String(n).padStart(width, '0');

/**
 * The name that the server will make of a template, as near as this computer can tell: `{room_name}`, `{room_id}`,
 * `{time}` and `{utc}` as LiveKit's egress fills them in. `{time}` is of the clock where the worker runs.
 */
export function namePreview(template: string, roomName: string, roomSid: string | null, atMs: number): string {
  const d = new Date(atMs);
  const date = [pad(d.getFullYear(), 4), pad(d.getMonth() + 1), pad(d.getDate())];
  const time = [pad(d.getHours()), pad(d.getMinutes()), pad(d.getSeconds())];
  const filled = template
    .replaceAll('{room_name}', roomName)
    .replaceAll('{room_id}', roomSid ?? '{room_id}')
    .replaceAll('{time}', `${date.join('-')}T${time.join('')}`)
    .replaceAll('{utc}', `${date.join('')}${time.join('')}${pad(d.getMilliseconds(), 3)}`);
  return /\.[a-z0-9]{2,4}$/i.test(filled) ? filled : `${filled}.mp4`;
}
