/**
 * The file that Lambda starts.
 */

/** The package has none of them: they would be a third of the script, and are of use here. */
const commentsAndEmptyLines = /^(?: *# .*)?\n/gm

/**
 * A shell script that works as the exec wrapper of a managed Node runtime, as the entry of `provided.al2023`, and as that
 * of a container image.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper
 */
export const bootstrap = (main: string, nodeFlags: ReadonlyArray<string>): string =>
  `#!/bin/sh
# Starts the function: as AWS_LAMBDA_EXEC_WRAPPER on a managed Node.js runtime, or as an entry point.
case $0 in
  */*) task=\${0%/*} ;;
  *) task=. ;;
esac
memory=\${AWS_LAMBDA_FUNCTION_MEMORY_SIZE:-0}

# What NODE_OPTIONS sets stays as it is set there: a flag on the command line would be stronger. V8 takes _ for - as well.
flags=
add() {
  pattern=
  rest=\${1%%=*}
  while [ "$rest" != "\${rest#*-}" ]; do
    pattern="$pattern\${rest%%-*}[-_]"
    rest=\${rest#*-}
  done
  case \${NODE_OPTIONS-} in
    *$pattern$rest*) ;;
    *) flags="$flags $1" ;;
  esac
}

node=
case \${1-} in
  node | */node)
    # Lambda gives its wrapper the command line of its own runtime. That Node.js and its heap limits are right here too.
    node=$1
    for argument; do
      case $argument in
        --max-*=*) add "$argument" ;;
      esac
    done
    ;;
  *)
    for candidate in "$task/node" "$task/bin/node" /opt/bin/node /opt/node /var/lang/bin/node; do
      if [ -f "$candidate" ] && [ -x "$candidate" ]; then
        node=$candidate
        break
      fi
    done
    if [ -z "$node" ] && ! node=$(command -v node); then
      echo "effect-lambda-runtime: there is no Node.js here: put its binary into the package as node, or into a layer as bin/node" >&2
      exit 1
    fi
    # As in the command line of Lambda's runtime: V8 by itself would use half of the memory.
    if [ "$memory" -gt 0 ]; then add "--max-old-space-size=$((memory - memory / 10))"; fi
    ;;
esac

# What lives as long as an invocation fills the space for young objects, which grows to three times this limit. Where many
# invocations share the memory, it is to take no more than about 2 % of that. The last flag counts.
if [ "\${AWS_LAMBDA_MAX_CONCURRENCY:-1}" != 1 ] && [ "$memory" -gt 0 ]; then
  young=$((memory / 128))
  if [ "$young" -lt 8 ]; then young=8; fi
  add "--max-semi-space-size=$young"
fi

# Where layers have packages, for which Lambda does the same on a managed runtime.
if [ -z "\${NODE_PATH-}" ]; then export NODE_PATH=/opt/nodejs/node_modules; fi

# Each of malloc's arenas keeps memory that the others could use. Up to 1,769 MB a function has no more than one processor.
if [ -z "\${MALLOC_ARENA_MAX-}" ]; then
  if [ "$memory" -gt 1769 ]; then MALLOC_ARENA_MAX=2; else MALLOC_ARENA_MAX=1; fi
  export MALLOC_ARENA_MAX
fi

exec "$node" $flags ${[...nodeFlags, ""].join(" ")}"$task/${main}"
`.replaceAll(commentsAndEmptyLines, "")
