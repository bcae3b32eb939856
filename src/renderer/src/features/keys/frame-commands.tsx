export function FrameCommands() {
  return null;
}
