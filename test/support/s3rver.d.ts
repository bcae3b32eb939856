/** The package has no types; this is what the tests use of it. */
declare module '@20minutes/s3rver' {
  class S3rver {
    constructor(options: {
      readonly address: string;
      readonly port: number;
      readonly silent: boolean;
      readonly directory: string;
      readonly configureBuckets: readonly { readonly name: string; readonly configs: readonly string[] }[];
    });
    run(): Promise<{ readonly port: number }>;
    close(): Promise<void>;
  }
  // The package exports it so.
  export default S3rver;
}
declare module '@20minutes/s3rver/lib/models/account.js' {
  const accounts: {
    readonly DUMMY_ACCOUNT: {
      createKeyPair(accessKey: string, secret: string): void;
      revokeAccessKey(accessKey: string): void;
    };
  };
  // The package exports it so.
  export default accounts;
}
