/** What a request names by id, in clear. Given at the last moment, kept nowhere, logged never. */
export interface RequestSecrets {
  /** The raw address of an entry of the address book. Throws a ProblemError where there is none. */
  address(id: string): string;
  /** The upload fields of a storage profile. Throws a ProblemError where there is none. */
  storage(id: string): StorageUpload;
}

/** The way of the upload: its `password` is shown to everybody who may list egress (LiveKit does not hide it). */
interface UploadProxy {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** Where egress uploads to; what is empty is left to the settings of the egress worker. */
export type StorageUpload =
  | {
      readonly provider: 's3';
      readonly bucket: string;
      readonly accessKey?: string | undefined;
      readonly secret?: string | undefined;
      readonly sessionToken?: string | undefined;
      /** With no access key the worker must be set up to take the role. */
      readonly assumeRoleArn?: string | undefined;
      readonly assumeRoleExternalId?: string | undefined;
      readonly region?: string | undefined;
      readonly endpoint?: string | undefined;
      /** Most servers that are not Amazon's need it. */
      readonly forcePathStyle?: boolean | undefined;
      readonly metadata?: Readonly<Record<string, string>> | undefined;
      readonly tagging?: string | undefined;
      readonly contentDisposition?: string | undefined;
      readonly proxy?: UploadProxy | undefined;
    }
  | {
      readonly provider: 'gcp';
      readonly bucket: string;
      /** The JSON of a service account. */
      readonly credentials?: string | undefined;
      readonly proxy?: UploadProxy | undefined;
    }
  | {
      readonly provider: 'azure';
      readonly containerName: string;
      readonly accountName: string;
      readonly accountKey: string;
    }
  | {
      readonly provider: 'alioss';
      readonly bucket: string;
      readonly accessKey: string;
      readonly secret: string;
      readonly region?: string | undefined;
      readonly endpoint?: string | undefined;
    }
  /** A folder of the egress host: no field of LiveKit's, it begins the path of each file. */
  | { readonly provider: 'server-local'; readonly folder: string };
