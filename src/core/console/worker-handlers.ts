import type { ConsoleContract } from '../../shared/contract/index.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import { needServer } from './need-server.ts';
import type { ConsoleParts } from './parts.ts';

type All = Handlers<ConsoleContract>;

/** What a producer declares of a server's egress: its worker, and how long its sessions may be. */
export function workerHandlers({
  figures,
  servers,
}: ConsoleParts): Pick<All, 'declareEgressPage' | 'declareCores' | 'declareCpuCost' | 'declareLength' | 'setHandOver'> {
  return {
    declareEgressPage: async ({ serverId, url }) => {
      needServer(servers, serverId);
      const metricsUrl = url === null ? null : pageAddress(url);
      await figures.declareOf(serverId, () => ({ metricsUrl }));
      return null;
    },
    declareCores: async ({ serverId, cores }) => {
      needServer(servers, serverId);
      await figures.declareOf(serverId, () => ({ cores }));
      return null;
    },
    declareCpuCost: async ({ serverId, kind, cores }) => {
      needServer(servers, serverId);
      await figures.declareOf(serverId, ({ cpuCosts: { [kind]: _old, ...others } }) => ({
        cpuCosts: cores === null ? others : { ...others, [kind]: cores },
      }));
      return null;
    },
    declareLength: async ({ serverId, output, limitMs }) => {
      needServer(servers, serverId);
      await figures.declareOf(serverId, ({ lengthsMs: { [output]: _old, ...others } }) => ({
        lengthsMs: limitMs === null ? others : { ...others, [output]: limitMs },
      }));
      return null;
    },
    setHandOver: async ({ serverId, isOn }) => {
      needServer(servers, serverId);
      await figures.declareOf(serverId, () => ({ handsOver: isOn }));
      return null;
    },
  };
}

/** The address of a page, as it may be kept and shown. Throws a ProblemError. */
function pageAddress(text: string): string {
  const refuse = (why: string): ProblemError =>
    new ProblemError({ code: 'bad-page-address', fault: 'yours', retryable: false, text: why });
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw refuse('This is no address. It looks like http://egress.example:6789/metrics.');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refuse('The address begins with http:// or https://.');
  // It is shown and written to the settings: nothing secret may be in it.
  if (url.username || url.password || url.search) throw refuse('The address must carry no password and no query.');
  return url.href;
}
