export function FrameDialogs() {
  return null;
}
