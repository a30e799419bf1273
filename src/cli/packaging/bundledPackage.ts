/**
 * The packages that a bundle is made of.
 */

/** Of `/project/node_modules/@scope/name/index.js` it is `@scope/name`; of what is in no package there is none. */
export const nameOf = (file: string): string | undefined =>
  /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1]

/** Of `@scope/name/module` it is `@scope/name`. */
export const nameIn = (specifier: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier
