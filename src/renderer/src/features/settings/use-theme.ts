export function useTheme(): void {}
