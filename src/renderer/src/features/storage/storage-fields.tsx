import type { Finding } from '../../../../shared/checks/finding.ts';
import type { Storage, StorageProvider, StorageSecretName } from '../../../../shared/model/storage.ts';
import { storageWords as text } from '../../text/storage-messages.ts';
import { Check, Field } from '../../ui/field.tsx';
import { Fold } from '../../ui/fold.tsx';
import { keptHint, mayGo, type StorageDraft } from './storage-draft.ts';

export interface StorageFieldsProps {
  readonly draft: StorageDraft;
  readonly known: Storage | null;
  readonly findings: readonly Finding[];
  readonly change: (part: Partial<StorageDraft>) => void;
}
type TextField = Exclude<keyof StorageDraft, 'provider' | 'isBackup' | 'pathStyle' | 'secrets' | 'keep'>;

/** Only the fields that the kind has. */
export function StorageFields(props: StorageFieldsProps) {
  const byProvider: Readonly<Record<StorageProvider, () => React.ReactNode>> = {
    s3: () => <S3Fields {...props} />,
    gcp: () => (
      <>
        <TextRow {...props} field="bucket" label={text.bucket} />
        <SecretRow {...props} secret="credentials" placeholder={text.credentialsHint} />
        <ProxyFold {...props} />
      </>
    ),
    azure: () => (
      <>
        <TextRow {...props} field="accountName" label={text.account} />
        <SecretRow {...props} secret="accountKey" />
        <TextRow {...props} field="bucket" finds="container" label={text.container} />
      </>
    ),
    alioss: () => (
      <>
        <TextRow {...props} field="bucket" label={text.bucket} />
        <TextRow {...props} field="region" label={text.region} placeholder="oss-eu-central-1" />
        <TextRow {...props} field="endpoint" label={text.endpoint} placeholder={text.ossEndpointHint} />
        <SecretRow {...props} secret="accessKey" />
        <SecretRow {...props} secret="secret" />
      </>
    ),
    'server-local': () => <TextRow {...props} field="folder" label={text.folder} placeholder={text.folderHint} />,
  };
  return byProvider[props.draft.provider]();
}

function S3Fields(props: StorageFieldsProps) {
  const { draft, change } = props;
  return (
    <>
      <TextRow {...props} field="bucket" label={text.bucket} />
      <TextRow {...props} field="region" label={text.region} placeholder={text.regionHint} />
      <TextRow {...props} field="endpoint" label={text.endpoint} placeholder={text.endpointHint} />
      {draft.endpoint.trim() === '' && !draft.pathStyle ? null : (
        <>
          <span className="wide">
            <Check isOn={draft.pathStyle} onChange={(pathStyle) => change({ pathStyle })}>
              {text.pathStyle}
            </Check>
          </span>
          <Finds {...props} of="pathStyle" />
        </>
      )}
      <SecretRow {...props} secret="accessKey" />
      <SecretRow {...props} secret="secret" />
      <SecretRow {...props} secret="sessionToken" />
      <span className="wide">
        <Fold title={text.more}>
          <div className="form">
            <TextRow {...props} field="assumeRoleArn" label={text.role} placeholder={text.roleHint} />
            <SecretRow {...props} secret="externalId" />
            <TextRow {...props} field="tagging" label={text.tagging} placeholder={text.taggingHint} />
            <TextRow {...props} field="metadata" label={text.metadata} placeholder={text.metadataHint} />
            <TextRow
              {...props}
              field="contentDisposition"
              label={text.contentDisposition}
              placeholder={text.dispositionHint}
            />
          </div>
        </Fold>
      </span>
      <ProxyFold {...props} />
    </>
  );
}

function ProxyFold(props: StorageFieldsProps) {
  return (
    <span className="wide">
      <Fold title={text.proxy} now={props.draft.proxyUrl}>
        <div className="form">
          <TextRow {...props} field="proxyUrl" label={text.proxyUrl} placeholder="http://host:3128" />
          <TextRow {...props} field="proxyUser" label={text.proxyUser} />
          <SecretRow {...props} secret="proxyPassword" />
        </div>
      </Fold>
    </span>
  );
}

function TextRow(
  props: StorageFieldsProps & {
    readonly field: TextField;
    readonly label: string;
    readonly placeholder?: string;
    /** Where its findings are, if under another name. */
    readonly finds?: string;
  },
) {
  const { draft, change, field, label, placeholder, finds = field } = props;
  return (
    <>
      <Field
        label={label}
        value={draft[field]}
        maxLength={1024}
        spellCheck="false"
        autoComplete="off"
        isBad={draft[field] !== '' && isRefused(props.findings, finds)}
        onChange={(value) => change({ [field]: value })}
        {...(placeholder === undefined ? {} : { placeholder })}
      />
      {draft[field] === '' ? null : <Finds {...props} of={finds} />}
    </>
  );
}

function SecretRow(props: StorageFieldsProps & { readonly secret: StorageSecretName; readonly placeholder?: string }) {
  const { draft, known, change, secret } = props;
  const hint = keptHint(draft, known, secret);
  const isDropped = draft.secrets[secret] === null;
  const placeholder = hint === undefined ? props.placeholder : isDropped ? text.dropped : text.kept(hint);
  const value = draft.secrets[secret] ?? '';
  const set = (next: string | null): void => change({ secrets: { ...draft.secrets, [secret]: next } });
  return (
    <>
      <Field
        label={text.secrets[secret]}
        type="password"
        autoComplete="off"
        value={value}
        maxLength={8192}
        onChange={set}
        {...(placeholder === undefined ? {} : { placeholder })}
      />
      {hint === undefined || value !== '' || !mayGo(secret) ? null : (
        <span className="wide">
          <Check isOn={isDropped} onChange={(isOn) => set(isOn ? null : '')}>
            {text.drop(text.secrets[secret])}
          </Check>
        </span>
      )}
      {value === '' && hint === undefined ? null : <Finds {...props} of={secret} />}
    </>
  );
}

const isRefused = (findings: readonly Finding[], of: string): boolean =>
  findings.some(({ field, severity }) => field === of && severity === 'refuse');

function Finds({ findings, of }: { readonly findings: readonly Finding[]; readonly of: string }) {
  return findings
    .filter(({ field }) => field === of)
    .map(({ severity, text: words }) => (
      <span className={severity === 'refuse' ? 'wide find is-bad' : 'wide find'} key={words}>
        {words}
      </span>
    ));
}
