/** `00:00:01,500` or `00:00:01.500`: hours may have more than two digits. */
export function timecode(ms: number, point: ',' | '.'): string {
  const whole = Math.max(0, Math.round(ms));
  const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');
  const seconds = Math.floor(whole / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${parts.map((part) => pad(part, 2)).join(':')}${point}${pad(whole % 1000, 3)}`;
}
