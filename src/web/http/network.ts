import ipaddr from 'ipaddr.js'

/**
 * What the addresses of one client share: an IPv4 address, or the first half of an IPv6 address, as a provider gives
 * out no less. A proxy may pass on what is no address.
 */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return 'none'
  const parsed = ipaddr.process(address)
  return parsed.kind() === 'ipv6' ? parsed.toByteArray().slice(0, 8).join() : parsed.toString()
}
