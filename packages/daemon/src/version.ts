/** What this build says it is. Clients split the Mesos version at dots and parse digits, so it stays plain `x.y.z`. */

/** The Mesos version clients are told: the protocol level spoken, in `/version`, `master_info.version` and registration. */
export const MESOLITE_VERSION = '1.12.0';

/** The product's own version, for help texts and logs. */
export const PRODUCT_VERSION = '0.1.0';
