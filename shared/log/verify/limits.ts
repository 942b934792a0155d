/** What no verdict on a file can say, in words that a person can act upon. */
export function limitsOf(of: { readonly keysPinned: boolean; readonly receipts: number }): string[] {
  return [
    ...(of.keysPinned
      ? []
      : [
          'Keys not pinned: the file was judged by the key that it brings itself. Whoever made the whole file could have made the key. Give the hub’s key from another source.',
        ]),
    'What a device has written and the hub has not yet taken is not in this file; until then it is protected by the key of that device alone.',
    of.receipts === 0
      ? 'No receipts from elsewhere were given. Whoever holds the database could leave out its newest records, together with all signatures over them; receipts that devices keep would show it.'
      : 'Whoever holds the hub’s root key could leave out records that no given receipt and no device’s record speaks of.',
    'It shows that records were not altered, removed or put in another order since they were signed; not that what they say is true.',
  ];
}
