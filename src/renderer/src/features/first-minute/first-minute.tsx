export function FirstMinute() {
  return null;
}
