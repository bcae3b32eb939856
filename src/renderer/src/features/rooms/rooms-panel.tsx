export function RoomsPanel() {
  return null;
}
