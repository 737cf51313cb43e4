/** Workspaces of an AnythingLLM server, spoken to through its native developer API. */
@NullMarked
package dev.architect.provider.anythingllm;

import org.jspecify.annotations.NullMarked;
