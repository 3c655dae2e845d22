/**
 * Cases where the claim may differ from what the servers do, with the reason why static knowledge cannot decide. pgsafe
 * then claims the more dangerous side and says so in `uncertain`. By case id.
 */
export const deviations: Readonly<Record<string, string>> = {}
