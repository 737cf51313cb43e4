/** Workspaces of an AnythingLLM server, called through its native developer API. */
@NullMarked
package dev.architect.provider.anythingllm;

import org.jspecify.annotations.NullMarked;
