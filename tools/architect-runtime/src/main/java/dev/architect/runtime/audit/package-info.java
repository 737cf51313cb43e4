/** Checkpoints of the audit, outside of the store. */
@NullMarked
package dev.architect.runtime.audit;

import org.jspecify.annotations.NullMarked;
