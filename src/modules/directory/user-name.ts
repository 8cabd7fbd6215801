/** How answers name a user: `domain\name`, as Windows writes it, or the name alone where there is no domain. */
export function userNameText(domain: string, name: string): string {
  return domain === '' ? name : `${domain}\\${name}`;
}
