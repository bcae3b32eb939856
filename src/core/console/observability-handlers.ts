import type { ConsoleContract } from '../../shared/contract/index.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import type { ConsoleParts } from './parts.ts';

type All = Handlers<ConsoleContract>;

/** Whether, where and to whom figures are served; each answer comes when it is. */
export function observabilityHandlers({
  observability,
  observabilitySettings: settings,
}: ConsoleParts): Pick<All, 'observability' | 'changeObservability' | 'saveObservabilityToken'> {
  return {
    observability: (_params, signal) => observability.state.read(signal),
    changeObservability: async (change) => {
      await settings.change(change);
      await observability.apply();
      return null;
    },
    saveObservabilityToken: async ({ token, keep }) => {
      await settings.saveToken(token, keep);
      await observability.apply();
      return null;
    },
  };
}
