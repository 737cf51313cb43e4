/** How long a decision about an action takes. */
@NullMarked
package dev.architect.benchmarks.approval;

import org.jspecify.annotations.NullMarked;
