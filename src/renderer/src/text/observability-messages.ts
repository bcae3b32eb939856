/** The catalogue of the settings about figures for monitors. */
export const observabilityWords = {
  title: 'Monitors',
  on: 'Serve figures: /metrics for Prometheus, /health for monitors',
  port: 'Port',
  open: 'Other computers may ask too, with the token',
  token: 'Token',
  tokenNone: 'None is kept. 16 characters or more: letters, digits and . _ ~ + / = -',
  tokenKept: (hint: string) => `${hint}, `,
  tokenBad: 'A token has 16 to 256 letters, digits and . _ ~ + / = -',
  save: 'Save the token',
  saved: 'Saved',
  servedAt: 'Served at',
  copyLabel: 'Address of the figures',
  toAll: 'to whoever has the token',
  toUs: 'to this computer alone',
};
