import { z } from 'zod';
import { Address, AddressKind } from '../model/address.ts';
import { call, stateFeed } from '../rpc/contract.ts';

const AddressId = z.string().min(1).max(64);

export const addresses = {
  /** The address book, in the order of names. */
  addresses: stateFeed(z.object({}), z.object({ addresses: z.array(Address) })),
  /** Without `url` the kept one stays. The address of an entry that a running job uses cannot be changed, its name can. */
  saveAddress: call(
    z.object({
      addressId: AddressId.optional(),
      name: z.string().trim().min(1).max(80),
      kind: AddressKind,
      url: z.string().trim().min(1).max(2048).optional(),
      followsLayout: z.boolean().default(false),
      keep: z.enum(['stored', 'this-run']),
    }),
    Address,
  ),
  /** Refused while a job that runs uses it. */
  removeAddress: call(z.object({ addressId: AddressId }), z.null()),
  /** The whole address with what is secret in it, for the clipboard: the one call that hands a secret out. The page asks first. */
  copyAddress: call(z.object({ addressId: AddressId }), z.object({ url: z.string() })),
};
