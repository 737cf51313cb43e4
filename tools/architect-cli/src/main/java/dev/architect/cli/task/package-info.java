/** {@code gaia task}: submits tasks and operates on those of a data directory. */
@NullMarked
package dev.architect.cli.task;

import org.jspecify.annotations.NullMarked;
