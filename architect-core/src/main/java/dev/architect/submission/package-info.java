/** How tasks are submitted once: idempotency keys, and what a submission brought. */
@NullMarked
package dev.architect.submission;

import org.jspecify.annotations.NullMarked;
