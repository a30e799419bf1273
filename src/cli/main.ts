#!/usr/bin/env node
import { enableCompileCache } from "node:module"

// Most of the start is the compilation of what is imported.
enableCompileCache()

await import("./start.ts")
