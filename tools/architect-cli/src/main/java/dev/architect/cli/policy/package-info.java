/** {@code gaia policy}: checks policies and explains decisions. */
@NullMarked
package dev.architect.cli.policy;

import org.jspecify.annotations.NullMarked;
