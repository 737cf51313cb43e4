/** Whether a deployment may be called now: circuit breakers, cooldowns and concurrency limits. */
@NullMarked
package dev.architect.router.admission;

import org.jspecify.annotations.NullMarked;
