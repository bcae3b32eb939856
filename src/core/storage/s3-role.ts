import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { STSClientConfig } from '@aws-sdk/client-sts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import { factsOf, problemOfStorage } from './storage-problem.ts';

/** An hour: the most that every role allows, whatever its own limit is. */
const roleLastsS = 3_600;

export type S3Key = NonNullable<Extract<S3ClientConfig['credentials'], { accessKeyId: string }>>;
export interface TakenRole {
  readonly key: S3Key;
  readonly endsAtMs: number;
}
export interface RoleOptions {
  readonly client: Pick<STSClientConfig, 'region' | 'endpoint' | 'requestHandler'> & { readonly credentials: S3Key };
  readonly arn: string;
  readonly externalId: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Takes on a role as egress does: at the endpoint of the storage where it has one, else at Amazon's of the region. Rejects
 * with a ProblemError.
 */
export async function takeRole({ client: config, arn, externalId, signal }: RoleOptions): Promise<TakenRole> {
  const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts');
  const client = new STSClient({ ...config, maxAttempts: 1 });
  try {
    const { Credentials: taken } = await client.send(
      new AssumeRoleCommand({
        RoleArn: arn,
        RoleSessionName: 'cuedesk',
        DurationSeconds: roleLastsS,
        ...(externalId ? { ExternalId: externalId } : {}),
      }),
      { abortSignal: signal },
    );
    if (!taken?.AccessKeyId || !taken.SecretAccessKey || !taken.SessionToken) throw new Error('no key came back');
    return {
      key: {
        accessKeyId: taken.AccessKeyId,
        secretAccessKey: taken.SecretAccessKey,
        sessionToken: taken.SessionToken,
      },
      endsAtMs: taken.Expiration?.getTime() ?? Date.now() + roleLastsS * 1000,
    };
  } catch (error) {
    signal.throwIfAborted();
    throw roleProblem(error, hostOf(config), arn);
  } finally {
    client.destroy();
  }
}

/** Wrong role, wrong external id and a trust policy without the key are one and the same answer, on purpose. */
function roleProblem(error: unknown, host: string, arn: string): ProblemError {
  const { code, status } = factsOf(error);
  const said = [code, status].filter((part) => part !== '' && part !== null).join(' ');
  if (status === 404 || status === 405 || status === 501)
    return new ProblemError({
      code: 'no-roles',
      fault: 'yours',
      retryable: false,
      text: `${host} gives no roles.`,
      said,
      advice: 'Leave the role empty, or enter the endpoint of a server that gives them.',
    });
  if (/^(AccessDenied|ValidationError|NoSuchEntity|InvalidParameterValue)/.test(code))
    return new ProblemError({
      code: 'no-role',
      fault: 'yours',
      retryable: false,
      text: `The key may not take on the role ${arn}.`,
      said,
      advice: 'Check the role and the external id, and that the trust policy of the role names the user of the key.',
    });
  return new ProblemError(problemOfStorage(error, { host, bucket: 'the role' }));
}

const hostOf = ({ endpoint, region }: RoleOptions['client']): string =>
  typeof endpoint === 'string' ? new URL(endpoint).host : `sts.${String(region)}.amazonaws.com`;
