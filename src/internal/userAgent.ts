/** Major and minor version only, as Lambda records it for every runtime. */
export const userAgent = "effect-lambda-runtime/0.1"
