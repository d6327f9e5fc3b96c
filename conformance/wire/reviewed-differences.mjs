/**
 * Where our messages differ from the recorded ones on purpose, each with its reason. Ids, uuids and ports are not here:
 * they must correspond to recorded ones everywhere. Neither are times, process ids and versions of one and the same
 * field, which need only be there (`VOLATILE` in `replay/identities.mjs`). Anything else that differs fails the replay;
 * what is listed and no longer happens is reported.
 */
export const REVIEWED = [
  {
    ours: 'master',
    path: /master_info\.capabilities\[2\]$/,
    why: 'the master claims QUOTA_V2 not, which older JSON clients fail on',
  },
  {
    ours: 'agent',
    path: /^StatusUpdateMessage .*\.update\.latest_state$/,
    why: 'what the agent knew besides when it sent an update is a matter of when the executor told it',
  },
  {
    ours: 'agent',
    path: /^SUBSCRIBED .*agent_info\.checkpoint$/,
    why: 'a field of the v0 message that is none of the v1 one and slips through in protobuf only',
  },
];

/** Lists whose order is not compared. */
export const UNORDERED = /^(OFFERS |ResourceOffersMessage).*resources$/;

/** What is compared in no replay, for all to know. */
export const NOT_COMPARED = [
  'the order of resources in an offer: the original goes through hash tables; in all other messages it is compared',
  'how many pings come, registrations are tried and offers are made: that depends on time',
  'how updates of several tasks follow each other: only those of one task have an order',
  'the text of a challenge of CRAM-MD5: its form, and the answer to it, are',
];
